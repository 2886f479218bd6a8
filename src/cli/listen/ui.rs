//! The live page: its address, what it shows, and how it is drawn.

use std::{
    collections::VecDeque,
    io::Write as _,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context as _, Result, anyhow};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;

use super::socket;
use crate::{
    cli::{common, output},
    engine::Judged,
    facts::Resent,
    net::{
        forward::Target,
        plan::Plan,
        ui::{self, Entry, Hub, Look, Page, Seen, Sending, Token},
    },
    render::html::live::{self, State},
};

/// Results of requests that were sent again, at most.
const RESENT: usize = 500;
/// Minutes of silence that are said.
const SILENT: i64 = 10;

/// The flags of the page.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct UiArgs {
    /// Show each connection on a page in the browser; its address, with the token it needs, is
    /// printed once. PORT alone is this machine only; another host is served over TLS
    #[arg(long, value_name = "[HOST:]PORT", num_args = 0..=1, default_missing_value = "0", require_equals = false)]
    pub(super) ui: Option<String>,
    /// Connections that the page keeps
    #[arg(long, value_name = "COUNT", default_value_t = 500, requires = "ui")]
    ui_keep: usize,
}

/// A page that is served.
pub(super) struct Live {
    hub: Arc<Hub>,
    look: Arc<Drawn>,
}

impl UiArgs {
    /// Serves the page, and says where.
    pub(super) async fn serve(&self, plan: &Plan) -> Result<Option<Live>> {
        let Some(asked) = &self.ui else {
            return Ok(None);
        };
        let addresses = socket::address_of("--ui", asked)?;
        let listener = socket::bind(&addresses, "--ui", asked).await?;
        let address = listener.local_addr().context("cannot tell the address")?;
        let here = address.ip().is_loopback();
        let token = Token::new().map_err(|why| anyhow!("--ui: {why}"))?;
        let look = Arc::new(Drawn::new(plan));
        let hub = Arc::new(Hub::new(self.ui_keep, look.clone()));
        let hosts = hosts(asked, address);
        let scheme = if here { "http" } else { "https" };
        let mut err = output::stderr();
        let host = hosts.first().map_or("", String::as_str);
        writeln!(
            err,
            "page: {scheme}://{host}/?token={}   (whoever has this address sees every call)",
            token.text()
        )?;
        err.flush()?;
        let page = Page {
            listener,
            token,
            hosts,
            hub: hub.clone(),
            server: (!here).then(|| plan.server.clone()),
        };
        tokio::spawn(async move {
            if let Err(why) = ui::serve(page).await {
                common::complain(&format!("mtls: --ui: {why}"));
            }
        });
        Ok(Some(Live { hub, look }))
    }
}

/// The names that the page answers to: this machine's, or the one that was asked for.
fn hosts(asked: &str, address: SocketAddr) -> Vec<String> {
    let port = address.port();
    let mut hosts = Vec::new();
    let named = asked.rsplit_once(':').map(|(host, _)| host);
    if let Some(host) = named.filter(|host| !host.is_empty() && *host != "*") {
        hosts.push(format!("{host}:{port}"));
    }
    if !address.ip().is_unspecified() {
        hosts.push(address.to_string());
    }
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        hosts.push(format!("{host}:{port}"));
    }
    let mut known = std::collections::HashSet::new();
    hosts.retain(|host| known.insert(host.clone()));
    hosts
}

impl Live {
    /// Shows a connection, or what is new of it. Nothing is drawn here: that is for those who look.
    pub(super) fn show(&self, judged: &Judged, closed: bool) {
        let Some(number) = number(judged) else {
            return;
        };
        self.look.note(number, judged);
        // A connection that is still open and has nothing to show comes again.
        if closed || !judged.case.http().is_empty() {
            let connection = Connection {
                judged: judged.clone(),
                number,
                look: self.look.clone(),
            };
            self.hub.put(number, Arc::new(connection));
        }
    }
}

/// The number of a connection: the first word of its title.
fn number(judged: &Judged) -> Option<u64> {
    let word = judged.case.title.split(' ').next()?;
    word.trim_start_matches('#').parse().ok()
}

struct Connection {
    judged: Judged,
    number: u64,
    look: Arc<Drawn>,
}

impl Seen for Connection {
    fn row(&self, entry: &Entry) -> String {
        live::row(&self.judged, entry.number)
    }

    fn text(&self) -> String {
        live::text(&self.judged)
    }

    fn detail(&self) -> String {
        let again = self.look.again.lock();
        let again = again.unwrap_or_else(PoisonError::into_inner);
        let of_this = |request: usize| {
            let these = again.iter().filter(|one| one.0 == (self.number, request));
            these.map(|one| one.1.clone()).collect()
        };
        live::one(&self.judged, self.number, &of_this)
    }

    fn again(&self, request: usize) -> Option<Sending> {
        let sent = self.judged.case.http().get(request)?.again.clone()?;
        let (look, number) = (self.look.clone(), self.number);
        let target = look.target.clone()?;
        Some(Box::pin(async move {
            let resent = target.again(&sent, common::now()).await;
            let all = look.again.lock();
            let mut all = all.unwrap_or_else(PoisonError::into_inner);
            if all.len() == RESENT {
                all.pop_front();
            }
            all.push_back(((number, request), resent));
        }))
    }
}

/// What the page looks like, and the state it shows.
struct Drawn {
    title: String,
    script: String,
    connections: AtomicU64,
    last: Mutex<Option<Timestamp>>,
    application: Mutex<Option<(String, bool)>>,
    /// Where requests are sent again.
    target: Option<Arc<Target>>,
    /// What came of it, by connection and request; the oldest first.
    again: Mutex<VecDeque<((u64, usize), Resent)>>,
}

impl Drawn {
    fn new(plan: &Plan) -> Self {
        let hash = digest(&SHA256, live::SCRIPT.as_bytes());
        let target = plan
            .forward
            .as_ref()
            .map(|target| target.shown().to_owned());
        Self {
            title: match &target {
                Some(target) => format!("Calls, passed on to {target}"),
                None => "Calls".to_owned(),
            },
            script: format!("'sha256-{}'", STANDARD.encode(hash)),
            connections: AtomicU64::new(0),
            last: Mutex::default(),
            application: Mutex::new(
                target.map(|target| (format!("application {target}: not called yet"), true)),
            ),
            target: plan.forward.clone(),
            again: Mutex::default(),
        }
    }

    fn note(&self, number: u64, judged: &Judged) {
        self.connections.fetch_max(number, Ordering::Relaxed);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(judged.case.started);
        let last = judged.case.http().iter().rev();
        let last = last.filter_map(|exchange| exchange.forward.as_ref()).next();
        if let Some(forward) = last {
            let (words, good) = match (&forward.error, forward.status) {
                (Some(error), _) => (error.why.clone(), false),
                (None, Some(status)) => {
                    let took = forward.timings_ms.answer.unwrap_or_default();
                    (format!("answered {status} after {took} ms"), status < 500)
                }
                (None, None) => return,
            };
            *self
                .application
                .lock()
                .unwrap_or_else(PoisonError::into_inner) =
                Some((format!("application: {words}"), good));
        }
    }
}

impl Look for Drawn {
    fn list(&self, rows: &[String], list: &ui::List<'_>) -> String {
        live::list(
            rows,
            &live::List {
                title: &self.title,
                state: list.state,
                after: list.after,
                keep: list.keep,
                filter: list.filter,
                page: list.page,
                pages: list.pages,
            },
        )
    }

    fn case(&self, entry: &Entry) -> String {
        entry.seen.detail()
    }

    fn state(&self) -> String {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = last.map(|last| common::now().duration_since(last).as_secs() / 60);
        let application = self
            .application
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        live::state(&State {
            connections: self.connections.load(Ordering::Relaxed),
            last: last.map(|last| last.strftime("%H:%M:%SZ").to_string()),
            silent: silent
                .filter(|minutes| *minutes >= SILENT)
                .map(|minutes| format!("{minutes} minutes")),
            application: application.clone(),
        })
    }

    fn script_source(&self) -> String {
        self.script.clone()
    }
}
