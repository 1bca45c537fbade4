"""`xaso broker`: the folder a Mosquitto runs from. Run it again after speakers were registered, then SIGHUP."""

from pathlib import Path

from django.conf import settings

from xaso.command.options import Options
from xaso.command.words import Stop, say
from xaso.modules.speakers.broker import mosquitto


def run(arguments: list[str]) -> int:
    options = Options("broker")
    options.add_argument("folder", type=Path)
    options.add_argument("--listen", default=settings.SPEAKERS["listen"])
    options.add_argument("--cert", default=settings.SPEAKERS["certificate"])
    options.add_argument("--cert-key", default=settings.SPEAKERS["certificate_key"])
    chosen = options.parse_args(arguments)
    if not chosen.listen.rpartition(":")[2].isdecimal():
        raise Stop("--listen cần MÁY:CỔNG, ví dụ 0.0.0.0:8883.", code=2)
    if bool(chosen.cert) != bool(chosen.cert_key):
        raise Stop("--cert và --cert-key phải đi cùng nhau.", code=2)
    for name in (chosen.cert, chosen.cert_key):
        if name and not Path(name).is_file():
            raise Stop(f"Không thấy tệp {name}.", code=2)
    count = mosquitto.write(chosen.folder.resolve(), chosen.listen, chosen.cert, chosen.cert_key)
    folder = chosen.folder.resolve()
    say(f"Đã ghi quyền của {count} loa vào {folder}.")
    say(f"Chạy:            mosquitto -c {folder / 'mosquitto.conf'}")
    say("Đang chạy rồi:   gửi tín hiệu HUP cho mosquitto để đọc lại mật khẩu và quyền.")
    if not chosen.cert and not chosen.listen.startswith(("127.", "localhost:")):
        say("Chú ý: chưa có chứng thư TLS, mật khẩu của loa đi trên mạng không được mã hoá.")
    return 0
