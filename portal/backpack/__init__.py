"""Another party under the same roof: badges a person holds, collections, share pages, displayer and issuer APIs."""
