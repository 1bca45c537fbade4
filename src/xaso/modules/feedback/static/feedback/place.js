// The phone's own position into the field, when the reader presses the button. Nothing leaves the page before it is sent.
(() => {
  "use strict";
  const part = document.querySelector("[data-place]"), field = document.getElementById("id_point");
  if (!part || !field || !navigator.geolocation) return;
  const said = part.querySelector("[data-place-said]");
  part.hidden = false;
  part.querySelector("[data-place-button]").addEventListener("click", () => {
    said.textContent = "Đang tìm vị trí…";
    navigator.geolocation.getCurrentPosition(
      found => {
        field.value = `${found.coords.latitude.toFixed(6)}, ${found.coords.longitude.toFixed(6)}`;
        said.textContent = "Đã lấy vị trí.";
      },
      () => { said.textContent = "Chưa lấy được vị trí. Hãy ghi địa điểm bằng lời."; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
})();
