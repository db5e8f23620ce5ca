"""AWS Signature Version 4, by AWS's own published examples."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from referral.files import signing
from referral.files.signing import Key

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
S3 = Key("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
HOST = {"Host": "examplebucket.s3.amazonaws.com"}
AT = {"x-amz-date": "20130524T000000Z"}
PUT_DIGEST = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"


# https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "digest", "signature"),
    [
        (
            "GET", ("test.txt",), {}, {"Range": "bytes=0-9"}, EMPTY,
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT", ("test$file.text",), {},
            {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
            PUT_DIGEST,
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            "GET", ("",), {"lifecycle": ""}, {}, EMPTY,
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            "GET", ("",), {"prefix": "J", "max-keys": "2"}, {}, EMPTY,
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)  # fmt: skip
def test_a_request_is_signed_as_amazon_signs_it(
    method: str,
    path: tuple[str, ...],
    query: dict[str, str],
    headers: dict[str, str],
    digest: str,
    signature: str,
) -> None:
    signed = HOST | AT | {"x-amz-content-sha256": digest} | headers
    found = signing.authorization(
        S3, method, signing.path_of(*path), signing.query_of(query), signed, digest
    )
    assert found.endswith(f"Signature={signature}")
    assert "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," in found


# The suite of Signature Version 4 itself: "get-vanilla", "get-vanilla-query-order-key-case".
@pytest.mark.parametrize(
    ("query", "signature"),
    [
        ({}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            {"Param2": "value2", "Param1": "value1"},
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
    ],
)
def test_another_service_is_signed_for_as_the_suite_has_it(
    query: dict[str, str], signature: str
) -> None:
    key = Key("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service")
    headers = {"Host": "example.amazonaws.com", "X-Amz-Date": "20150830T123600Z"}
    found = signing.authorization(key, "GET", "/", signing.query_of(query), headers, EMPTY)
    assert found.endswith(f"Signature={signature}")


def test_moments_and_paths_are_spelt_as_they_are_signed() -> None:
    assert signing.stamp(datetime(2013, 5, 24, tzinfo=UTC)) == "20130524T000000Z"
    assert signing.path_of("a b", "c/d", "é~") == "/a%20b/c%2Fd/%C3%A9~"
