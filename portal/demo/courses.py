"""What the demo academy teaches: its learning paths, told as data."""

from __future__ import annotations

from portal.demo.induction import HARBOUR_INDUCTION
from portal.demo.lessons import Course, Lesson, assignment, question, quiz

DATA_LITERACY = Course(
    slug="data-literacy",
    title="Data Literacy, level two",
    description=(
        "Read charts critically, clean a messy table and tell a story with numbers that holds up to questions.\n\n"
        "For everybody who decides with data, or has to convince somebody with it. Level one is recommended first."
    ),
    badge_name="Data Literacy, level two",
    badge_description="Reads, questions and presents data with care, and knows what a number can and cannot say.",
    tags=("data", "charts", "statistics"),
    category="Data and digital",
    validity=(2, "years"),
    lessons=(
        Lesson(
            title="Why data matters",
            minutes=8,
            text=(
                "## A number is an answer\n\nBefore you look at a number, find the question that it answers. "
                "*“Sales rose by 12 %”* answers a different question for the shop floor than for the board.\n\n"
                "- Who counted, and why?\n- What was left out?\n- Compared with what?\n\n"
                "Keep these three at hand: they come back in every lesson of this path."
            ),
        ),
        Lesson(
            title="Reading charts critically",
            minutes=15,
            text=(
                "## Look at the axes first\n\nAn axis that does not begin at zero makes small differences look large. "
                "That can be right, when the differences matter, and it can mislead.\n\n"
                "| Chart | Good for | Watch out for |\n|---|---|---|\n| Bars | comparing | a cut axis |\n"
                "| Lines | change over time | uneven intervals |\n| Pies | parts of a whole | more than five parts |\n\n"
                "> If a chart needs a paragraph to be understood, the chart is not finished."
            ),
        ),
        Lesson(
            title="Clean a messy table",
            kind="confirmation",
            minutes=40,
            text=(
                "Take the table of visitor numbers from your own team, or ask your instructor for one. Remove doubles, write "
                "dates in one way, and note what you could not decide. Show the result to an instructor, who confirms it here."
            ),
        ),
        Lesson(
            title="Tell a story with numbers",
            minutes=20,
            text=(
                "## One chart, one sentence\n\nWrite the sentence first: *“Two of three complaints are about waiting times.”* "
                "Then draw the one chart that shows it, and take away what does not help.\n\n"
                "1. Start with the sentence.\n2. Choose the chart that proves it.\n3. Name your source."
            ),
        ),
        Lesson(
            title="Further reading",
            minutes=30,
            mandatory=False,
            text="Books and talks for those who want to go on:\n\n- *How to Lie with Statistics*, Darrell Huff\n- *Factfulness*, Hans Rosling",
        ),
    ),
)

WORKPLACE_SAFETY = Course(
    slug="workplace-safety",
    title="Workplace Safety",
    description="What everybody at the academy knows about fire, first response and safe habits. Renewed every year.",
    badge_name="Workplace Safety, certified",
    badge_description="Knows the escape routes, how to raise an alarm and how to report a hazard.",
    tags=("safety", "health"),
    category="Safety and health",
    validity=(1, "years"),
    warning_days=30,
    renewal_days=60,
    lessons=(
        Lesson(
            title="Escape routes and assembly points",
            minutes=6,
            text=(
                "## Two ways out\n\nFrom every room there are two ways out. Walk both once, today.\n\n"
                "The assembly point is **the car park on the east side**. Tell the warden that you are out."
            ),
        ),
        Lesson(
            title="Fire extinguishers",
            minutes=9,
            text=(
                "## Pull, aim, squeeze, sweep\n\n1. Pull the pin.\n2. Aim at the base of the fire.\n3. Squeeze the handle.\n"
                "4. Sweep from side to side.\n\nIf it is larger than a waste-paper basket, leave and close the door."
            ),
        ),
        Lesson(
            title="Reporting a hazard",
            minutes=5,
            text="A loose cable, a wet floor, a blocked door: whoever sees it reports it. It takes a minute and there is no blame in it.",
        ),
        Lesson(
            title="What would you do?",
            kind="quiz",
            minutes=6,
            content=quiz(
                question(
                    "A waste-paper basket burns next to your desk. What comes first?",
                    "Open the window",
                    "+Warn the others",
                    "Look for the manager",
                    explanation="Others have to know. Then you put it out, or leave.",
                ),
                question(
                    "Which number do you call for help?",
                    kind="number",
                    number="112",
                    explanation="112 works in the whole of Europe, without a card in the telephone.",
                ),
                intro="Three of four years' accidents had a small sign before them. The answers are in the pages before.",
            ),
        ),
    ),
)

PYTHON_BASICS = Course(
    slug="python-basics",
    title="Python Basics",
    description="From the first line to a small program that reads a file and answers a question.",
    badge_name="Python Basics, starter",
    badge_description="Writes small Python programs that read data, decide and repeat.",
    tags=("programming", "python"),
    category="Data and digital",
    lessons=(
        Lesson(
            title="The first line",
            minutes=10,
            text='## Say hello\n\n```\nprint("Hello")\n```\n\nChange the word, run it again, and you have programmed.',
        ),
        Lesson(
            title="Names and values",
            minutes=12,
            text="A name points to a value.\n\n```\nprice = 12\ntax = price * 0.24\nprint(price + tax)\n```\n\nChoose names that say what they stand for.",
        ),
        Lesson(
            title="Deciding and repeating",
            minutes=18,
            text='`if` decides, `for` repeats.\n\n```\nfor price in [4, 12, 30]:\n    if price > 10:\n        print(price, "is dear")\n```',
        ),
        Lesson(
            title="Read a file",
            minutes=20,
            text='```\nwith open("visitors.txt") as file:\n    for line in file:\n        print(line.strip())\n```\n\nThe `with` closes the file for you, also when something goes wrong.',
        ),
    ),
)

GREEN_OFFICE = Course(
    slug="green-office",
    title="Green Office",
    description="Small habits that save energy, paper and money, and one change that you bring to your own team.",
    badge_name="Green Office champion",
    badge_description="Has brought at least one lasting saving of energy or material to their own team.",
    tags=("sustainability", "energy"),
    category="Safety and health",
    validity=(3, "years"),
    lessons=(
        Lesson(
            title="Where the energy goes",
            minutes=8,
            text="Heating first, then lighting, then screens. A room one degree cooler saves about six per cent.",
        ),
        Lesson(
            title="Paper and screens",
            minutes=7,
            text="Print what has to be signed. Let screens sleep after five minutes.",
        ),
        Lesson(
            title="One change in your team",
            kind="confirmation",
            minutes=60,
            text="Bring one change to your team that saves energy or material and is still there after two weeks. Tell your instructor about it.",
        ),
        Lesson(
            title="Share what worked",
            minutes=5,
            text="Write three sentences about your change where others can read them.",
        ),
    ),
)

TEAM_LEADERSHIP = Course(
    slug="team-leadership",
    title="Team Leadership, level one",
    description="For people who lead a team for the first time: listening, clear tasks, and talks that are not put off.",
    badge_name="Team Leadership, level one",
    badge_description="Gives clear tasks, listens, and holds difficult talks in time.",
    tags=("leadership", "people"),
    category="Leading and serving",
    needs="customer-care",
    own_template=True,
    validity=(30, "months"),
    lessons=(
        Lesson(
            title="From colleague to team lead",
            minutes=10,
            text="Yesterday you were one of them. Say openly what changes and what does not.",
        ),
        Lesson(
            title="Clear tasks",
            minutes=12,
            text="A task has an owner, a date, and a way to see that it is done. If one is missing, it is a wish.",
        ),
        Lesson(
            title="The talk you have put off",
            kind="assignment",
            minutes=45,
            points=20,
            text="Hold the talk. Then write, without names, what you prepared, how it went, and what you would do differently.",
            content=assignment(),
        ),
    ),
)

CUSTOMER_CARE = Course(
    slug="customer-care",
    title="Customer Care",
    description="How to answer so that people come back. A short path with a certificate, and without a badge.",
    tags=("customers",),
    category="Leading and serving",
    open_badges=False,
    lessons=(
        Lesson(
            title="Hear the whole question",
            minutes=6,
            text="Let people finish. Repeat in your words what you heard, then answer.",
        ),
        Lesson(
            title="When the answer is no", minutes=8, text="Say no early, say why, and say what is possible instead."
        ),
    ),
)

DESIGN_THINKING = Course(
    slug="design-thinking",
    title="Design Thinking",
    description="A draft: five steps from a vague wish to something people can try.",
    badge_name="Design Thinking explorer",
    badge_description="Has taken a wish from first interview to a tested prototype.",
    tags=("design", "innovation"),
    category="Leading and serving",
    state="draft",
    lessons=(
        Lesson(
            title="Listen before you solve",
            minutes=15,
            text="Ask three people what they do today. Do not mention your idea.",
        ),
    ),
)

FIRST_AID = Course(
    slug="first-aid",
    title="First Aid, course of 2025",
    description="Last year's course. It is not open any more; certificates that were earned stay valid.",
    badge_name="First Aid, ready to help",
    badge_description="Knows how to call for help, keep somebody breathing and stop a bleeding.",
    tags=("first aid", "health"),
    category="Safety and health",
    validity=(2, "years"),
    state="inactive",
    lessons=(
        Lesson(title="Call for help", minutes=5, text="112. Where, what, how many, and stay on the line."),
        Lesson(title="Recovery position", minutes=10, text="On the side, head back, mouth down, and stay with them."),
    ),
)

COURSES = (
    HARBOUR_INDUCTION,
    DATA_LITERACY,
    WORKPLACE_SAFETY,
    PYTHON_BASICS,
    GREEN_OFFICE,
    TEAM_LEADERSHIP,
    CUSTOMER_CARE,
    DESIGN_THINKING,
    FIRST_AID,
)
