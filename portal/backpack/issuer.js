// How another site hands badges to this backpack:
//   <script src="https://this-backpack.example/backpack/issuer.js"></script>
//   OpenBadges.issue(["https://issuer.example/assertion/1.json"], function (errors, successes) { … });
//   OpenBadges.issue_no_modal(["https://issuer.example/assertion/1.json"]);
// errors: [{assertion, reason}], reason one of DENIED, EXISTS, INACCESSIBLE, MALFORMED, INVALID; successes: [assertion].
// Where the person closes the window without deciding, both lists are empty. Call issue() from a click: it opens a window.
(function () {
  "use strict";
  var root = new URL(".", document.currentScript.src).href;
  var home = new URL(root).origin;
  var TICK = 400;

  function listed(assertions) {
    return (Array.isArray(assertions) ? assertions : [assertions]).map(String);
  }

  function issue(assertions, callback) {
    var urls = listed(assertions);
    var tell = typeof callback === "function" ? callback : function () {};
    if (!urls.length) return tell([], []);
    var query = new URLSearchParams();
    urls.forEach(function (url) { query.append("assertion", url); });
    query.append("opener", self.origin || "null");
    var popup = window.open(root + "issuer/window?" + query, "_blank", "popup,width=680,height=800");
    if (!popup) return issue_no_modal(urls);

    function finish(errors, successes) {
      clearInterval(timer);
      removeEventListener("message", heard);
      tell(errors, successes);
    }
    function heard(event) {
      if (event.source !== popup || event.origin !== home) return;
      var said = event.data;
      if (!said || said.type !== "openbadges.issued") return;
      finish(Array.isArray(said.errors) ? said.errors : [], Array.isArray(said.successes) ? said.successes : []);
    }
    addEventListener("message", heard);
    var timer = setInterval(function () {
      // A message that is on its way when the window closes still arrives: wait one tick more.
      if (!popup.closed) return;
      clearInterval(timer);
      timer = setTimeout(function () { finish([], []); }, TICK);
    }, TICK);
  }

  function issue_no_modal(assertions) {
    var form = document.createElement("form");
    form.method = "post";
    form.action = root + "issuer/frameless";
    form.hidden = true;
    listed(assertions).forEach(function (url) {
      var field = document.createElement("input");
      field.type = "hidden";
      field.name = "assertions";
      field.value = url;
      form.appendChild(field);
    });
    document.body.appendChild(form);
    form.submit();
  }

  window.OpenBadges = { issue: issue, issue_no_modal: issue_no_modal };
})();
