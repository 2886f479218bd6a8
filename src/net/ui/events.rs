//! The stream of server-sent events (HTML Living Standard, section 9.2) of one browser.
//!
//! For: `route`. Must not: send more than a browser can draw: what is too much is counted.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use super::hub::Hub;

/// Rows that are sent at once.
const AT_ONCE: usize = 20;
/// The least time between two times.
const PAUSE: Duration = Duration::from_millis(250);
/// After this time without news, the state is sent: a sign of life.
const BEAT: Duration = Duration::from_secs(15);
/// Messages that may wait for a browser that does not read; then it is waited for, by this stream
/// alone.
const WAITING: usize = 4;

/// The body of the stream.
pub(super) struct Events(mpsc::Receiver<Bytes>);

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .poll_recv(cx)
            .map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// Everything that comes after these news, for as long as the browser listens.
pub(super) fn stream(hub: Arc<Hub>, mut after: u64) -> Events {
    let (sender, receiver) = mpsc::channel(WAITING);
    // A number from another run, or no number of ours.
    after = after.min(hub.last());
    tokio::spawn(async move {
        let mut news = hub.follow();
        loop {
            let (entries, more) = hub.after(after, AT_ONCE);
            let mut text = String::new();
            if more > 0 {
                event(
                    &mut text,
                    "lag",
                    None,
                    &format!("{more} not shown here: reload the page"),
                );
            }
            for entry in &entries {
                let row = entry.seen.row(entry);
                event(&mut text, "call", Some(entry.news), &row);
                after = entry.news;
            }
            if entries.is_empty() {
                after += more;
            }
            event(&mut text, "state", None, &hub.look().state());
            if sender.send(text.into()).await.is_err() {
                return;
            }
            sleep(PAUSE).await;
            // That the hub is gone ends the stream, silence does not.
            if let Ok(Err(_)) = timeout(BEAT, news.changed()).await {
                return;
            }
        }
    });
    Events(receiver)
}

/// An event. Its data may have line breaks of any kind, each of which begins a field anew.
fn event(text: &mut String, name: &str, id: Option<u64>, data: &str) {
    text.push_str("event: ");
    text.push_str(name);
    text.push('\n');
    if let Some(id) = id {
        text.push_str(&format!("id: {id}\n"));
    }
    for line in data.split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::ui::hub::tests::Plain;

    #[test]
    fn no_line_of_the_data_is_a_field_of_its_own() {
        let mut text = String::new();
        event(&mut text, "call", Some(7), "a\r\nevent: forged\rid: 9\n\nb");
        let fields: Vec<&str> = text.lines().collect();
        assert_eq!(&fields[..2], ["event: call", "id: 7"]);
        assert!(
            fields[2..fields.len() - 1]
                .iter()
                .all(|line| line.starts_with("data: "))
        );
        assert!(text.ends_with("\n\n") && text.matches("\n\n").count() == 1);
    }

    #[tokio::test]
    async fn a_browser_that_does_not_read_holds_nobody_up() {
        let hub = Arc::new(Hub::new(10, Arc::new(Plain)));
        let mut events = stream(hub.clone(), 0);
        for number in 0..100_000 {
            hub.put(number, Arc::new(Plain));
        }
        let mut text = String::new();
        while !text.contains("call-99999") {
            let bytes = timeout(Duration::from_secs(20), events.0.recv()).await;
            text.push_str(&String::from_utf8_lossy(&bytes.unwrap().unwrap()));
        }
        assert!(text.contains("not shown here"), "{text}");
        assert!(text.len() < 20_000, "{}", text.len());
    }
}
