"""What the rooms of the whole case have to do today and have done: a few lives of their own beside the two years of cases."""

from portal.demo.rooms import building, clocks, county, demands, notices, outings, papers, roll, season, telling, villages
from portal.demo.rooms.stage import Stage
from portal.demo.scene import Scene

ROOMS = (telling, clocks, building, notices, roll, season, demands, villages, county, outings, papers)


def plan(scene: Scene) -> None:
    """Put the lives of every room onto the time line of the story. The dice of the story are not touched."""
    stage = Stage(scene)
    for room in ROOMS:
        room.plan(stage)
