"""axe-core, with WCAG 2.2 AA as the measure."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}


def faults(page: Page) -> list[str]:
    """What axe finds wrong, one line each."""
    # Colours are measured at rest, not in the middle of a transition.
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    answer = Axe().run(page, options=RULES).response
    return [
        f"{fault['id']}: {node['target']} {node.get('failureSummary', '')}"
        for fault in answer["violations"]
        for node in fault["nodes"]
    ]
