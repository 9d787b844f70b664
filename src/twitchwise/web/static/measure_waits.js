// Shows how far the measuring of a film is, and opens its page when that is done.
"use strict";
{
  const waits = document.getElementById("waits");
  const share = document.getElementById("share");
  const look = async () => {
    const answer = await fetch(`${waits.dataset.url}/status`);
    if (!answer.ok) {
      return;
    }
    const status = await answer.json();
    document.getElementById("said").textContent = status.said;
    share.value = status.share_measured;
    if (status.is_shown || !status.is_working) {
      location.reload();
    } else {
      setTimeout(look, 700);
    }
  };
  if (share) {
    setTimeout(look, 300);
  }
}
