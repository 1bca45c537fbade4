"""The rounds between our rows and Facebook. Never in a transaction: asked first, recorded afterwards.

Facebook has no mark by which it knows a post that comes again. So a post whose putting may have worked is not put
again: a person looks. Publishing and removing are safe to repeat.
"""

from __future__ import annotations

from pypdf.errors import PyPdfError

from xaso.core.access import SYSTEM
from xaso.core.files import rules as files
from xaso.kit import clock
from xaso.modules.social import configured, queries, rules
from xaso.modules.social.actions import posting
from xaso.modules.social.configured import NotSet, PageAccess
from xaso.modules.social.definitions import facebook
from xaso.modules.social.models import Post
from xaso.modules.social.pictures import jpeg_of
from xaso.modules.social.providers import FacebookFailed, graph

Step, As = Post.Step, Post.As
LOST_TRACK = (
    "Không rõ bài đã lên Facebook chưa nên không đưa lại, để không đăng hai lần. Hãy mở trang Facebook xem mục bản "
    "nháp: có rồi thì bấm “Đã đăng tay” sau khi đăng, chưa có thì bấm “Đưa lên lại”."
)
NOT_CONNECTED = "Trang này chưa nối Facebook hoặc mã truy cập đã bị bỏ. Nhờ người quản trị hệ thống khai báo lại."
LOST_PICTURE = "Không đọc được ảnh đã chọn. Hãy soạn lại bài với ảnh khác."


def carry(post: Post) -> None:
    """The step that waits. Of several workers one does it."""
    if post.state != Post.State.WAITING:
        return
    died = post.attempts > 0 and not post.error
    if not posting.begin_step(SYSTEM, post):
        return
    if died and post.step == Step.PUT:
        _fail(post, LOST_TRACK)
        return
    try:
        page = configured.access(post.page.page_key)
    except NotSet as missing:
        _fail(post, str(missing))
        return
    if page is None:
        _fail(post, NOT_CONNECTED)
        return
    _take(page, post)


def _take(page: PageAccess, post: Post) -> None:
    try:
        if post.step == Step.PUT:
            _put(page, post)
        elif post.step == Step.PUBLISH:
            graph.publish(page, post.facebook_id)
            posting.record_published(SYSTEM, post, address=_address(page, post))
        else:
            _remove(page, post)
    except FacebookFailed as failure:
        if failure.unsure and post.step == Step.PUT:
            _fail(post, LOST_TRACK)
        else:
            posting.record_failure(SYSTEM, post, error=str(failure), code=failure.code, again=failure.again)


def _put(page: PageAccess, post: Post) -> None:
    content = None
    if post.picture is not None:
        try:
            content = jpeg_of(post.picture)
        except (FileNotFoundError, files.Broken, LookupError, PyPdfError):
            _fail(post, LOST_PICTURE)
            return
    limits = facebook()
    at = post.publish_at
    if at and not rules.may_schedule(at, clock.machine_now(), limits.schedule_minutes, limits.schedule_days):
        at = None  # Its hour came while it waited: a draft, and a person decides.
    found = graph.put(page, graph.Ticket(post.text, post.link, content, at))
    posting.record_put(SYSTEM, post, facebook_id=found, facebook_as=As.SCHEDULED if at else As.DRAFT)


def _remove(page: PageAccess, post: Post) -> None:
    """What is gone already is removed too; what was published meanwhile is not taken from the public."""
    now = graph.standing(page, post.facebook_id)
    if now.is_there and now.is_published:
        posting.record_published(SYSTEM, post, address=now.address)
        return
    if now.is_there:
        graph.remove(page, post.facebook_id)
    posting.record_removed(SYSTEM, post)


def _address(page: PageAccess, post: Post) -> str:
    """Without it the post is published all the same."""
    try:
        return graph.standing(page, post.facebook_id).address
    except FacebookFailed:
        return ""


def look_at(post: Post) -> None:
    """A scheduled post whose hour has come: did Facebook publish it?"""
    page = configured.access(post.page.page_key)
    if page is None:
        return
    now = graph.standing(page, post.facebook_id)
    if not now.is_there:
        posting.record_removed(SYSTEM, post)
    elif now.is_published:
        posting.record_published(SYSTEM, post, address=now.address)


def _fail(post: Post, why: str) -> None:
    posting.record_failure(SYSTEM, post, error=why, code=None, again=False)


def noticed(post_id: str, verb: str) -> None:
    """Somebody did something to a post at Facebook itself. The notice is a hint: Facebook is asked."""
    post = queries.post_at_facebook(post_id)
    if post is not None and post.state == Post.State.ON_FACEBOOK and verb:
        look_at(post)
