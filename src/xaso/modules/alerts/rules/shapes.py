"""Areas drawn on a map: which points lie inside a polygon or a circle of an alert. Pure.

Degrees of WGS 84 as plain numbers. No shape of ours crosses the 180th meridian or holds a pole.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

Point = tuple[float, float]
"""Latitude, longitude."""
MOST_CORNERS = 2_000
EARTH_KM = 6371.0088
_NUMBER = r"-?\d{1,3}(?:\.\d{1,20})?"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})")
_RADIUS = re.compile(r"\d{1,5}(?:\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Polygon:
    """Corners in their order, without the last one, which is the first again."""

    corners: tuple[Point, ...]

    def holds(self, point: Point) -> bool:
        """A ray to the east crosses the border an odd number of times. A point on the border counts as inside."""
        is_inside = False
        before = self.corners[-1]
        for corner in self.corners:
            if _between(point, before, corner):
                return True
            if (corner[0] > point[0]) != (before[0] > point[0]):
                share = (point[0] - corner[0]) / (before[0] - corner[0])
                is_inside ^= point[1] < corner[1] + share * (before[1] - corner[1])
            before = corner
        return is_inside


@dataclass(frozen=True, slots=True)
class Circle:
    centre: Point
    km: float

    def holds(self, point: Point) -> bool:
        return distance_km(self.centre, point) <= self.km


Shape = Polygon | Circle


def distance_km(one: Point, other: Point) -> float:
    """Along the surface of a sphere."""
    a, b = math.radians(one[0]), math.radians(other[0])
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def polygon_of(text: str) -> Polygon | None:
    """`lat,lon lat,lon …`, the last pair like the first, at least four; None when it is no polygon."""
    pairs = text.split()
    if not 4 <= len(pairs) <= MOST_CORNERS:
        return None
    points = [_point(pair) for pair in pairs]
    corners = [point for point in points if point is not None]
    if len(corners) < len(points) or corners[0] != corners[-1] or len(set(corners)) < 3:
        return None
    return Polygon(tuple(corners[:-1]))


def circle_of(text: str) -> Circle | None:
    """`lat,lon radius` in kilometres; None when it is no circle."""
    centre, _, radius = text.strip().partition(" ")
    point, radius = _point(centre), radius.strip()
    if point is None or not _RADIUS.fullmatch(radius):
        return None
    return Circle(point, float(radius))


def _point(text: str) -> Point | None:
    found = _PAIR.fullmatch(text)
    if found is None:
        return None
    point = float(found[1]), float(found[2])
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


def _between(point: Point, one: Point, other: Point) -> bool:
    """On the straight line from one to the other."""
    across = (other[1] - one[1]) * (point[0] - one[0]) - (other[0] - one[0]) * (point[1] - one[1])
    if across:
        return False
    inside = [min(a, b) <= p <= max(a, b) for a, b, p in zip(one, other, point, strict=True)]
    return all(inside)
