//! One HTTP request over a connection that stands, and its answer.
//!
//! For: `dial`. Must not: lose what the server said last because a library stopped reading.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::{
    Answered, Attempt, Connector, Request,
    stream::{IgnoreWriteErrors, Note, Noted},
};
use crate::{
    facts::{Ending, EndingKind, Party, Phase, Side},
    net::{body, ending, http, tap::Tap},
    parse::{
        escape,
        http1::{self, Fault},
        redact,
    },
};

impl Attempt {
    pub(super) async fn exchange(
        &mut self,
        dialler: &Connector,
        stream: TlsStream<IgnoreWriteErrors<Tap<TcpStream>>>,
        request: Request,
    ) -> Result<(), Ending> {
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let (stream, note) = Noted::new(stream);
        // HTTP/2 begins with a preface and settings of its own, so that something written need not
        // be the request.
        self.plain = (!http2).then(|| note.clone());
        self.ask(dialler, stream, request, http2, &note).await
    }

    async fn ask(
        &mut self,
        dialler: &Connector,
        stream: Noted<TlsStream<IgnoreWriteErrors<Tap<TcpStream>>>>,
        request: Request,
        http2: bool,
        note: &Note,
    ) -> Result<(), Ending> {
        let io = TokioIo::new(stream);
        let failed = |error: hyper::Error| failed(&error, note);
        let uri = if http2 {
            format!("https://{}{}", request.authority, request.path)
        } else {
            request.path.clone()
        };
        let mut message = hyper::Request::builder().method(request.method).uri(uri);
        if let Some(headers) = message.headers_mut() {
            if !http2 && let Ok(host) = request.authority.parse() {
                headers.insert(hyper::header::HOST, host);
            }
            headers.extend(request.headers);
        }
        let message = message.body(Full::new(request.body)).map_err(|error| {
            ending::plain(
                EndingKind::Internal,
                Phase::Http,
                Some(Party::Us),
                error.to_string(),
            )
        })?;
        // The connection is driven beside the request, so that it is read while it is written.
        let response = if http2 {
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
                    .await
                    .map_err(failed)?;
            let driver = tokio::spawn(connection);
            match sender.send_request(message).await {
                Ok(response) => response,
                Err(error) => {
                    drop(sender);
                    let _ = driver.await;
                    return Err(failed(error));
                }
            }
        } else {
            let (mut sender, connection) = hyper::client::conn::http1::handshake(io)
                .await
                .map_err(failed)?;
            let driver = tokio::spawn(connection);
            match sender.send_request(message).await {
                Ok(response) => response,
                Err(error) => {
                    // The connection task knows the cause; the request only knows that it was
                    // cancelled.
                    drop(sender);
                    return Err(match driver.await {
                        Ok(Err(cause)) => failed(cause),
                        _ => failed(error),
                    });
                }
            }
        };
        self.seen.dialled.timings.http = Some(self.elapsed());
        self.answer(dialler, response, note).await
    }

    async fn answer(
        &mut self,
        dialler: &Connector,
        response: hyper::Response<Incoming>,
        note: &Note,
    ) -> Result<(), Ending> {
        let (head, mut incoming) = response.into_parts();
        let mut bytes = Vec::new();
        let mut cut = false;
        let mut broken = None;
        while let Some(frame) = incoming.frame().await {
            match frame {
                Ok(frame) => {
                    bytes.extend_from_slice(&frame.into_data().unwrap_or_default());
                }
                Err(error) => {
                    let why = failed(&error, note);
                    let why = if why.detail.is_empty() {
                        "the connection was closed"
                    } else {
                        &why.detail
                    };
                    broken = Some(format!(
                        "the body ended early, after {} bytes: {why}",
                        bytes.len()
                    ));
                    break;
                }
            }
            if bytes.len() > dialler.body_bytes {
                cut = true;
                // As much as is kept, so that "more than" names the bound and not how the last
                // bytes happened to come.
                bytes.truncate(dialler.body_bytes);
                break;
            }
        }
        let body_bytes = bytes.len();
        let coding = head
            .headers
            .get(hyper::header::CONTENT_ENCODING)
            .and_then(|value| value.to_str().ok());
        let decoded = body::decode(bytes, coding, dialler.body_bytes);
        self.seen.answer = Some(Answered {
            status: head.status.as_u16(),
            version: http::version_name(head.version).to_owned(),
            headers: http::headers(&head.headers, dialler.show_secrets),
            body: decoded.bytes,
            body_bytes,
            problem: broken.or(decoded.problem),
            cut,
        });
        Ok(())
    }
}
/// What a failed exchange means: what reading noted counts, not the HTTP library's words about it.
fn failed(error: &hyper::Error, note: &Note) -> Ending {
    let note = note.lock();
    if let Some(ending) = &note.failed {
        return ending.clone();
    }
    if error.is_parse()
        && let Some(fault) = http1::fault(&note.head, Side::Server)
        && (fault != Fault::StatusLine || note.first.starts_with(b"HTTP/"))
    {
        let detail = format!("the answer is malformed: {}", fault.words());
        return ending::plain(
            EndingKind::ProtocolError,
            Phase::Http,
            Some(Party::Peer),
            detail,
        );
    }
    if error.is_parse_too_large() && note.first.starts_with(b"HTTP/1.") {
        let detail =
            "the answer's header section is larger than is read, or has more than 100 fields";
        return ending::plain(EndingKind::Limit, Phase::Http, Some(Party::Us), detail);
    }
    if !note.first.is_empty() && (error.is_parse() || error.is_parse_too_large()) {
        return ending::plain(
            EndingKind::ProtocolError,
            Phase::Http,
            Some(Party::Peer),
            format!(
                "the answer is not HTTP: {}",
                redact::excerpt(&note.first, usize::MAX, false)
            ),
        );
    }
    if note.closed {
        let detail = if note.first.is_empty() {
            "without an answer"
        } else {
            "in the middle of its answer"
        };
        return ending::plain(EndingKind::Closed, Phase::Http, Some(Party::Peer), detail);
    }
    ending::plain(
        EndingKind::ProtocolError,
        Phase::Http,
        Some(Party::Peer),
        escape::text(&error.to_string()),
    )
}
