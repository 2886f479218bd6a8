//! What a listener is to do: every decision taken, nothing read from flags, files or the clock any
//! more.

use std::{
    fmt,
    io::Write,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
    time::Duration,
};

use jiff::Timestamp;

use super::{forward::Target, identity::ServerIdentity, record::Recording};
use crate::{
    facts::{Certificate, ClientAuth, ProfileMatch, Token},
    parse::crl::RevocationList,
    profiles::RequestFormat,
    verify::Anchors,
};

/// The clock, injected so that tests and `--at-time` can set it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Compares a presented chain with the sender profiles.
pub type Recognise =
    Arc<dyn Fn(&[Arc<Certificate>], Timestamp) -> Option<ProfileMatch> + Send + Sync>;

/// Checks the value of an Authorization header.
pub type VerifyToken = Arc<dyn Fn(&str) -> Token + Send + Sync>;

/// The TLS versions offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versions {
    /// TLS 1.2 and 1.3.
    Both,
    /// TLS 1.2 alone.
    Only12,
    /// TLS 1.3 alone.
    Only13,
}

/// How requests are answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// A fixed body; `None` = a webhook answer that fits the request's kind.
    pub body: Option<Vec<u8>>,
    /// What the senders that were named send: such a request gets the answer that its sender takes.
    pub formats: Vec<&'static RequestFormat>,
    /// The status code.
    pub status: u16,
    /// How long to wait before answering.
    pub delay: Duration,
}

/// Bounds on what one peer can cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the TCP connection to the end of the handshake.
    pub handshake: Duration,
    /// From the end of the handshake, or of the last answer's request, to a whole request.
    pub request: Duration,
    /// Idle time after an answer before the connection is closed.
    pub keep_alive: Duration,
    /// Bytes of one request's header section.
    pub header_bytes: usize,
    /// Bytes of one request's body, as sent and as decoded.
    pub body_bytes: usize,
    /// Connections open at once.
    pub connections: usize,
    /// Bytes of request bodies kept in all of the run, as a record of them takes.
    pub kept_bytes: usize,
    /// Requests recorded per connection; later ones are answered and counted, not kept.
    pub exchanges: usize,
    /// Bytes of paths and header fields recorded per connection, the first request's apart; the
    /// same holds for what is beyond.
    pub heads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            request: Duration::from_secs(30),
            keep_alive: Duration::from_secs(5),
            header_bytes: 64 * 1024,
            body_bytes: 4 * 1024 * 1024,
            kept_bytes: 64 * 1024 * 1024,
            connections: 1000,
            exchanges: 100,
            heads: 256 * 1024,
        }
    }
}

/// Everything `listen` needs to know.
#[derive(Clone)]
pub struct Plan {
    /// Our certificate chain and key.
    pub server: ServerIdentity,
    /// What is asked of clients.
    pub client_auth: ClientAuth,
    /// What client certificates are judged against.
    pub anchors: Anchors,
    /// The revocation lists that clients are looked up in; none = revocation is not asked about.
    pub lists: Arc<[RevocationList]>,
    /// Names put into the CertificateRequest, DER; empty = any.
    pub ca_names: Vec<Vec<u8>>,
    /// Whether a certificate that does not verify is refused.
    pub enforce: bool,
    /// OpenSSL's `-verify N`: an error deeper than this refuses even when not enforcing.
    pub verify_depth: Option<u32>,
    /// OpenSSL's `-verify_depth`: at most this many intermediates.
    pub max_depth: Option<usize>,
    /// Whether an anchor need not be self-signed.
    pub partial_chain: bool,
    /// TLS versions offered.
    pub versions: Versions,
    /// How requests are answered.
    pub answer: Answer,
    /// Where requests are passed on to, whose answer is then the answer.
    pub forward: Option<Arc<Target>>,
    /// The check of bearer tokens, when asked for.
    pub verify_token: Option<VerifyToken>,
    /// Bounds.
    pub limits: Limits,
    /// Where to write TLS secrets, when asked for.
    pub key_log: Option<Arc<dyn rustls::KeyLog>>,
    /// That connections are recorded, where they are.
    pub record: Option<Recording>,
    /// Whether secrets stay readable.
    pub show_secrets: bool,
    /// Whether [`Event::Progress`](super::event::Event::Progress) is wanted.
    pub live: bool,
    /// The bytes of requests that were passed on and are kept, to be sent again; `None` = none are.
    pub again: Option<Arc<AtomicU64>>,
    /// The clock, for when things happened.
    pub clock: Clock,
    /// The moment that certificates are judged at (`--at-time`, else the clock).
    pub judge_at: Clock,
    /// Profile recognition.
    pub recognise: Recognise,
}

impl Plan {
    /// A listener that asks for a certificate, refuses nobody, trusts nobody, and answers with what
    /// fits the request.
    pub fn new(server: ServerIdentity, clock: Clock, recognise: Recognise) -> Self {
        Self {
            server,
            client_auth: ClientAuth::Request,
            anchors: Anchors::default(),
            lists: Arc::default(),
            ca_names: Vec::new(),
            enforce: false,
            verify_depth: None,
            max_depth: None,
            partial_chain: false,
            versions: Versions::Both,
            answer: Answer {
                body: None,
                formats: Vec::new(),
                status: 200,
                delay: Duration::ZERO,
            },
            forward: None,
            verify_token: None,
            limits: Limits::default(),
            key_log: None,
            record: None,
            show_secrets: false,
            live: false,
            again: None,
            judge_at: clock.clone(),
            clock,
            recognise,
        }
    }
}

/// A key log in the NSS format (Wireshark reads it) that writes to `out`.
pub fn key_log(out: impl Write + Send + 'static) -> Arc<dyn rustls::KeyLog> {
    Arc::new(WriteKeys(Mutex::new(Box::new(out))))
}

struct WriteKeys(Mutex<Box<dyn Write + Send>>);

impl fmt::Debug for WriteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteKeys").finish_non_exhaustive()
    }
}

impl rustls::KeyLog for WriteKeys {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let hex = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One write a line, flushed, so that lines of several connections never mix; a full disk
        // must not end a handshake.
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }
}
