"""The demo path that shows what steps can be: in groups, in order, in time, and reviewed."""

from __future__ import annotations

from portal.demo.lessons import Course, Lesson, assignment, question, quiz

HARBOUR_INDUCTION = Course(
    slug="harbour-induction",
    title="Harbour Induction",
    description=(
        "Your first weeks on the quays: who is who, how to stay safe, and where to find what you need.\n\n"
        "For the quay crew. An instructor looks at what you did before your certificate is granted."
    ),
    tags=("newcomers", "quays"),
    category="First weeks",
    validity=(5, "years"),
    open_badges=False,
    ordered=True,
    approved=True,
    own_template=True,
    for_group=True,
    drawn=False,
    lessons=(
        Lesson(
            title="Welcome aboard",
            minutes=5,
            points=5,
            text=(
                "## Good that you are here\n\nThe harbour never sleeps, and nobody knows all of it on the first day. Take these "
                "steps in order. Whenever something is unclear, ask: everybody here was new once.\n\n"
                "- Your crew lead shows you your locker and your radio.\n- The canteen is open from six.\n"
                "- **Channel 12** is for work, **channel 16** for distress alone."
            ),
        ),
        Lesson(
            title="Workplace Safety comes first",
            kind="path",
            minutes=None,
            points=10,
            content={"path": "workplace-safety", "_text": "Nobody goes onto the quays without it."},
        ),
        Lesson(
            title="What you know about the harbour",
            kind="quiz",
            minutes=10,
            points=20,
            content=quiz(
                question(
                    "Which radio channel is for distress alone?",
                    "Channel 9",
                    "Channel 12",
                    "+Channel 16",
                    explanation="Channel 16 is kept free: the coast guard listens on it day and night.",
                ),
                question(
                    "What do you wear on the quays?",
                    "+A helmet",
                    "+A life jacket",
                    "Sandals",
                    "+A high-visibility vest",
                    kind="multiple",
                    points=2,
                    explanation="All three, in any weather. Shoes have caps of steel.",
                ),
                question(
                    "How many metres do you keep from a moving crane, at least?",
                    kind="number",
                    number="10",
                    explanation="Ten metres: a load swings further than it looks.",
                ),
                question(
                    "What is the place called where everybody gathers after an alarm?",
                    kind="text",
                    accepted=("assembly point", "the assembly point", "muster point"),
                    explanation="The assembly point is the car park on the east side.",
                ),
                intro="Four questions. You have three attempts, and see the explanations after the last one or when you pass.",
            ),
        ),
        Lesson(
            title="Get to know the place",
            minutes=None,
            needed=2,
            lessons=(
                Lesson(
                    title="The horn signals",
                    kind="file",
                    minutes=3,
                    points=10,
                    text="One long blast: a ship leaves its berth. Listen once, so that you know it among all the other noise.",
                    content={"source": "upload", "_captions": [], "link": "", "done_when": "marked", "percent": 80},
                ),
                Lesson(
                    title="Tide tables",
                    kind="link",
                    minutes=10,
                    points=10,
                    text="Find the next high water at your berth, and write it on your hand. You will need it.",
                    content={"link": "https://harbour-academy.example/tides"},
                ),
                Lesson(
                    title="A walk along the quays",
                    kind="event",
                    minutes=90,
                    points=15,
                    text="Two hours on foot with somebody who has worked here for thirty years. Bring boots and questions.",
                ),
            ),
        ),
        Lesson(
            title="Your first week",
            kind="assignment",
            minutes=30,
            points=30,
            weeks=4,
            text=(
                "Write half a page about your first week: what surprised you, what you would explain differently to the next "
                "newcomer, and one hazard that you saw. A photograph helps."
            ),
            content=assignment(graded=False),
        ),
        Lesson(
            title="Crane simulator",
            kind="xapi",
            minutes=40,
            points=25,
            mandatory=False,
            content={
                "verb": "http://adlnet.gov/expapi/verbs/passed",
                "activity": "https://harbour-academy.example/simulators/crane",
                "score": 60,
                "success": True,
                "_text": "For those who want to lift something on their first day. The simulator stands in room 3.",
                "_launch": "",
            },
        ),
    ),
)
