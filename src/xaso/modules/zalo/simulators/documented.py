"""The rules the simulator enforces, in one table, with how sure each is.

Marks: S said by public documents or code that was read; M remembered, to be verified with Zalo; D our own choice.
A wrong assumption is to be found here, and nowhere else.
"""

RULES = (
    ("consent", "app_id, redirect_uri, code_challenge (S256, no padding), state; back come code, state, oa_id", "S"),
    ("code", "works once, for ten minutes, with the right code_verifier and secret_key header", "S"),
    ("tokens", "expires_in in seconds, as a string; access about 25 hours, refresh about 3 months", "S"),
    ("single use", "a refresh token works once; used again it gives error -14020 in an HTTP 200", "S"),
    ("expired", "an access token that ended gives error -216, or HTTP 401", "S"),
    ("success", "HTTP 200 and error 0", "S"),
    ("zns", "phone 84…, template_id, template_data, tracking_id, mode=development only to administrators", "S"),
    ("lengths", "name 30, phone 15, address 200, code 30, custom 30, status 30, contact 50 … per parameter", "S"),
    ("tracking", "the same tracking_id again: the same msg_id, sent and charged once", "D"),
    ("quota", "dailyQuota and remainingQuota in the answer; nothing left gives -144", "M"),
    ("night", "templates between 22:00 and 06:00 give -133; here only when the control says night", "M"),
    ("errors", "-108 phone, -109 template, -112 data, -118 no account, -131 not approved, -146/-147 blocked", "M"),
    ("window", "an answer (message/cs) after the interaction window gives -230, to a stranger -213", "M"),
    ("webhook", "X-ZEvent-Signature: mac= and hex SHA-256 of app_id, raw body, timestamp, OA secret; no HMAC", "S"),
    ("repeats", "a webhook without HTTP 200 is sent again", "S"),
    ("report", "user_received_message with message.delivery_time reports on a template; without, on an answer", "S"),
)

EXPIRED, USED_UP = -216, -14020
BAD_PHONE, BAD_TEMPLATE, BAD_DATA, NOT_APPROVED = -108, -109, -112, -131
NIGHT, QUOTA, BLOCKED, SPENT = -133, -144, -146, -147
NOT_FOLLOWING, TOO_LATE = -213, -230
WORDS = {
    EXPIRED: "Access token has expired", USED_UP: "Invalid refresh token", BAD_PHONE: "Phone number is invalid",
    BAD_TEMPLATE: "Template ID is invalid", BAD_DATA: "Template data is invalid",
    NOT_APPROVED: "Template is not approved", NIGHT: "Not allowed at night", QUOTA: "OA daily quota exceeded",
    BLOCKED: "Template is blocked", SPENT: "Template is over quota", NOT_FOLLOWING: "User has not followed",
    TOO_LATE: "User has not interacted lately",
}  # fmt: skip
