"""Mounted at /tai-khoan/."""

from django.urls import path

from xaso.core.accounts.screens import mail, officers, own, signing_in

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", signing_in.sign_in, name="sign_in"),
    path("dang-nhap/ma/", signing_in.code, name="code"),
    path("can-bo/", signing_in.officer, name="officer"),
    path("can-bo/dung-thu/<uuid:uuid>/", signing_in.demo, name="demo"),
    path("xac-thuc/", signing_in.second_factor, name="second_factor"),
    path("qua/<slug:name>/", signing_in.begin, name="begin"),
    path("ve/<slug:name>/", signing_in.back, name="back"),
    path("dang-xuat/", signing_in.sign_out, name="sign_out"),
    path("", own.profile, name="profile"),
    path("bao-mat/", own.security, name="security"),
    path("bao-mat/ung-dung/", own.totp, name="totp"),
    path("bao-mat/khoa/", own.passkey, name="passkey"),
    path("bao-mat/khoi-phuc/", own.recovery, name="recovery"),
    path("bao-mat/go/<uuid:uuid>/", own.remove_factor, name="remove_factor"),
    path("bao-mat/mat-khau/", own.password, name="password"),
    path("bao-mat/thu/", mail.confirm, name="email"),
    path("bao-mat/thu/gui/", mail.send_code, name="send_email_code"),
    path("bao-mat/thiet-bi/", own.end_sessions, name="end_sessions"),
    path("bao-mat/dong/", own.close, name="close"),
    path("don-vi/", officers.officers, name="officers"),
    path("don-vi/thu-cong-vu/", mail.listed, name="register"),
    path("don-vi/thu-cong-vu.csv", mail.sheet, name="register_sheet"),
    path("don-vi/mo/", officers.open_officer, name="open_officer"),
    path("don-vi/giao/", officers.appoint, name="appoint"),
    path("don-vi/chuc-danh/<uuid:uuid>/", officers.post, name="post"),
    path("don-vi/chuc-danh/<uuid:uuid>/ket-thuc/", officers.end_post, name="end_post"),
    path("don-vi/chuc-danh/<uuid:uuid>/lam-thay/", officers.substitute, name="substitute"),
    path("don-vi/chuc-danh/<uuid:uuid>/thu/", mail.set_email, name="set_email"),
    path("don-vi/chuc-danh/<uuid:uuid>/mat-khau/", officers.renew_password, name="renew_password"),
    path("don-vi/khoa/", officers.make_token, name="make_token"),
    path("don-vi/khoa/<uuid:uuid>/thu-hoi/", officers.revoke_token, name="revoke_token"),
]
