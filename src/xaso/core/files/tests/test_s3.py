"""The S3-compatible store against a real server on this machine."""

import hashlib
import io
import os
from datetime import timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from xaso.core.files import actions, jobs, queries
from xaso.core.files.stores import chunks_of, sha256_of, store
from xaso.core.files.tests import samples
from xaso.core.files.tests.samples import sent
from xaso.core.files.verify import verify_files
from xaso.kit import clock
from xaso.kit.errors import Refused

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore", "ignore::DeprecationWarning:boto3")


@pytest.fixture(scope="module")
def server():
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture(autouse=True)
def bucket(server, settings, tmp_path):
    name = f"ho-so-{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]}"
    settings.FILES_S3 = {
        "endpoint_url": server, "bucket_name": name, "access_key": "a", "secret_key": "b", "region_name": "us-east-1",
    }  # fmt: skip
    resource = boto3.resource(
        "s3", endpoint_url=server, aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1"
    )
    return resource.create_bucket(Bucket=name)


def keep(content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    store().put(sha256, io.BytesIO(content))
    return sha256


def test_what_is_put_can_be_read_and_deleted(bucket, stored_contents):
    content = os.urandom(700_000)
    sha256 = keep(content)
    keep(content)
    assert [found.key for found in bucket.objects.all()] == [f"{sha256[:2]}/{sha256[2:4]}/{sha256}"]
    with store().open(sha256) as stream:
        assert b"".join(chunks_of(stream)) == content
    assert store().exists(sha256)
    store().delete(sha256)
    assert not store().exists(sha256)
    with pytest.raises(FileNotFoundError):
        store().open(sha256).read()
    assert stored_contents() == []


def test_content_that_is_not_what_it_says_is_refused(bucket):
    with pytest.raises(Refused):
        store().put("0" * 64, io.BytesIO(b"khac"))
    assert list(bucket.objects.all()) == []


def test_only_what_is_old_is_swept(bucket):
    sha256 = keep(b"x")
    ago, ahead = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
    assert list(store().older_than(ago)) == []
    assert list(store().older_than(ahead)) == [sha256]
    assert store().delete_if_older(sha256, ago) is False
    assert store().delete_if_older(sha256, ahead) is True
    assert store().delete_if_older(sha256, ahead) is False


def test_a_photo_goes_all_the_way(lan, browser_of, bucket):
    stored = actions.upload_ahead(lan, sent("cccd.jpg", samples.phone_photo()), kind="cccd")
    assert len(list(bucket.objects.all())) == 2
    with store().open(stored.blob_id) as stream:
        assert sha256_of(stream) == stored.blob_id
    response = browser_of(lan).get(stored.get_absolute_url())
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert queries.waiting_of(lan) == [stored]
    assert jobs.sweep_orphans() == 0
    assert verify_files() == []
    store().delete(stored.blob_id)
    assert "không còn nội dung" in verify_files()[0]
