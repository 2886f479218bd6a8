//! `--scenario`: named calls with what is expected of them, for CI.

use std::{
    collections::{BTreeMap, VecDeque},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Bearer, CallRequest,
    call::Setup,
    clients::{self, Client},
    compare::Compare,
    load::{self, Progress},
    replay,
};
use crate::{
    engine::{self, Judged},
    facts::{Call, Expected, Outcome},
    finding::Rule,
    jobs::{
        cases::{self, Values},
        duration, files,
    },
    net::dial::{HttpVersion, Request},
    parse::profile::toml_text,
    report::load::Load,
};

/// Calls that share a setup.
pub struct Plan {
    setup: Arc<Setup>,
    /// Who calls, one after the other.
    pub clients: Vec<Client>,
    /// What there is to say about the clients beforehand.
    pub notices: Vec<String>,
    name: Option<String>,
    expect: Expect,
    rules: Vec<&'static Rule>,
    /// What was asked for, for who prints it.
    pub(super) asked: CallRequest,
}

impl Plan {
    /// What a request alone asks for.
    ///
    /// # Errors
    /// When the request is none, or a file it names cannot be read.
    pub fn of(request: &CallRequest) -> Result<Self> {
        Self::new(request, None, Expect::default())
    }

    /// The same under a name.
    pub(super) fn named(request: &CallRequest, name: String) -> Result<Self> {
        Self::new(request, Some(name), Expect::default())
    }

    fn new(request: &CallRequest, name: Option<String>, expect: Expect) -> Result<Self> {
        let url = request.url.as_deref().context("no URL is given")?;
        let (mut clients, notices) = clients::clients(request)?;
        if let Some(outcome) = expect.outcome {
            for client in &mut clients {
                client.expected = match outcome {
                    Wanted::Accepted => Expected::Accept,
                    Wanted::Rejected => Expected::Reject,
                };
                client.differs = None;
                client.expected_by = None;
            }
        }
        Ok(Self {
            setup: Arc::new(Setup::new(request, url)?),
            clients,
            notices,
            name,
            expect,
            rules: request.rules.clone(),
            asked: request.clone(),
        })
    }

    /// What every call sends.
    pub(super) fn request(&self) -> &Request {
        &self.setup.request
    }

    /// Calls once as this client, and judges what came of it.
    pub async fn call(&self, client: &Client) -> Judged {
        self.case(self.setup.call(client).await)
    }

    /// Calls once as every client, `jobs` at once, and hands the cases on in the order of the
    /// clients. The first is called alone: a server that gives it no answer (`openssl s_server`
    /// serves one connection at a time) is called by one after the other, since calls that wait for
    /// each other would look like a server that cannot be reached.
    ///
    /// # Errors
    /// Those of `each`; when this program fails in a call.
    pub async fn calls(
        &self,
        jobs: usize,
        mut each: impl FnMut(Judged) -> Result<()>,
    ) -> Result<()> {
        let mut clients = self.clients.iter();
        let Some(first) = clients.next() else {
            return Ok(());
        };
        let call = self.setup.call(first).await;
        let answers = call.reply.is_some() || call.outcome() == Outcome::Rejected;
        let jobs = if answers { jobs.max(1) } else { 1 };
        each(self.case(call))?;
        let mut under_way = VecDeque::new();
        loop {
            for client in clients.by_ref().take(jobs - under_way.len()) {
                let (setup, client) = (Arc::clone(&self.setup), client.clone());
                under_way.push_back(tokio::spawn(async move { setup.call(&client).await }));
            }
            let Some(next) = under_way.pop_front() else {
                return Ok(());
            };
            let call = next
                .await
                .context("mtls failed in a call: please report it")?;
            each(self.case(call))?;
        }
    }

    fn case(&self, call: Call) -> Judged {
        let mut call = self.setup.without_known_chain(call);
        self.expect(&mut call);
        self.judged(call)
    }

    /// Calls so many times as the first client, `jobs` at once; the answer is what came of it, and
    /// the first case of each way to end.
    ///
    /// # Errors
    /// When this program fails in a call.
    pub async fn load(
        &self,
        count: u64,
        jobs: u16,
        progress: impl FnMut(Progress),
    ) -> Result<(Load, Vec<Judged>)> {
        let client = self.clients.first().context("no client to be")?;
        let (load, samples) = load::run(&self.setup, client, count, jobs, progress).await?;
        let judged = samples
            .into_iter()
            .map(|call| self.judged(self.setup.without_known_chain(call)));
        Ok((load, judged.collect()))
    }

    fn judged(&self, call: Call) -> Judged {
        engine::judge_with(&self.rules, self.setup.case(call), &self.setup.context)
    }

    /// Notes what the call does not meet.
    fn expect(&self, call: &mut Call) {
        if let Some(name) = &self.name {
            call.client = format!("{name} ({})", call.client);
        }
        let expect = &self.expect;
        let mut unmet = Vec::new();
        let status = call.reply.as_ref().map(|reply| reply.status);
        call.wanted_status = expect.status.or(call.wanted_status);
        if let Some(wanted) = expect.status
            && status != Some(wanted)
        {
            let seen = status.map_or("no answer".to_owned(), |status| status.to_string());
            unmet.push(format!("expected status {wanted}, found {seen}"));
        }
        if let Some(wanted) = &expect.alert {
            let alert = call.alert();
            let met = alert
                .is_some_and(|alert| *wanted == alert.name || *wanted == alert.code.to_string());
            if !met {
                let seen = alert.map_or("no alert".to_owned(), |alert| {
                    format!("{} {}", alert.code, alert.name)
                });
                unmet.push(format!("expected alert {wanted}, found {seen}"));
            }
        }
        if let (Some(within), Some(total)) = (expect.within, call.dialled.timings.total)
            && total > within.as_secs_f64() * 1000.0
        {
            unmet.push(format!(
                "expected an answer within {within:?}, found {total:.0} ms"
            ));
        }
        let body: Option<Value> = call
            .reply
            .as_ref()
            .and_then(|reply| serde_json::from_str(&reply.body).ok());
        for (pointer, wanted) in &expect.json {
            let seen = body.as_ref().and_then(|body| body.pointer(pointer));
            if seen != Some(wanted) {
                let seen = seen.map_or("nothing".to_owned(), Value::to_string);
                unmet.push(format!("expected {wanted} at {pointer}, found {seen}"));
            }
        }
        // An outcome other than the one wanted has a rule of its own.
        if expect.outcome.is_none() || call.outcome() != Outcome::Unreachable {
            call.unmet.extend(unmet);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wanted {
    Accepted,
    Rejected,
}

/// What a call is to show.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expect {
    outcome: Option<Wanted>,
    status: Option<u16>,
    alert: Option<String>,
    #[serde(deserialize_with = "duration")]
    within: Option<Duration>,
    json: BTreeMap<String, Value>,
}

/// A file of calls. What stands at its top is the default for each call.
#[derive(Debug, Deserialize)]
struct Scenario {
    #[serde(flatten)]
    defaults: Fields,
    call: Vec<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    expect: Expect,
    #[serde(flatten)]
    fields: Fields,
}

/// The flags that a call may set, under their names; paths are relative to the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Fields {
    url: Option<String>,
    /// A recorded case, whose first request is sent again.
    replay: Option<PathBuf>,
    /// What of the answers is compared: `status`, `headers`, `body`.
    compare: Option<Vec<String>>,
    /// JSON pointers whose values may differ.
    ignore_field: Vec<String>,
    /// Values for placeholders, `env:VARIABLE` or `file:PATH`.
    fill: BTreeMap<String, String>,
    event: Option<String>,
    text: Option<String>,
    event_name: Option<String>,
    set: BTreeMap<String, Value>,
    body: Option<PathBuf>,
    session: Option<String>,
    language: Option<String>,
    tag: Option<String>,
    request: Option<String>,
    header: Vec<String>,
    bearer: Option<String>,
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    pki: Option<PathBuf>,
    client: Option<String>,
    cacert: Option<PathBuf>,
    insecure: Option<bool>,
    sni: Option<String>,
    resolve: Vec<String>,
    connect_to: Vec<String>,
    http2: Option<bool>,
    #[serde(deserialize_with = "duration")]
    time_limit: Option<Duration>,
    #[serde(deserialize_with = "duration")]
    max_time: Option<Duration>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

fn duration<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    duration::duration(&text)
        .map(Some)
        .map_err(serde::de::Error::custom)
}

/// Reads a file of calls; what it leaves open is as in `request`.
///
/// # Errors
/// When it cannot be read, or a call in it is none: with its name.
pub fn plans(path: &Path, request: &CallRequest) -> Result<Vec<Plan>> {
    let shown = path.display();
    let bytes = files::read(path)?;
    let text = String::from_utf8(bytes)
        .ok()
        .with_context(|| format!("{shown}: not UTF-8"))?;
    let scenario: Scenario = toml_text(&text).map_err(|why| anyhow::anyhow!("{shown}: {why}"))?;
    if scenario.call.is_empty() {
        bail!("{shown}: no [[call]] in it");
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut names: Vec<&str> = Vec::new();
    let mut base = request.clone();
    scenario
        .defaults
        .apply(&mut base, folder)
        .with_context(|| format!("{shown}"))?;
    let mut plans = Vec::new();
    for call in &scenario.call {
        let named = || format!("{shown}: call `{}`", call.name);
        if names.contains(&call.name.as_str()) {
            bail!("{}: a second one of that name", named());
        }
        names.push(&call.name);
        let mut request = base.clone();
        call.fields
            .apply(&mut request, folder)
            .with_context(named)?;
        let fields = [&scenario.defaults, &call.fields];
        let notices = replayed(&fields, &mut request, folder).with_context(named)?;
        let mut plan = Plan::new(&request, Some(call.name.clone()), call.expect.clone())
            .with_context(named)?;
        plan.notices.extend(notices);
        plans.push(plan);
    }
    Ok(plans)
}

/// Puts the recorded request into a call that names one; what there is to say about it.
fn replayed(
    fields: &[&Fields; 2],
    request: &mut CallRequest,
    folder: &Path,
) -> Result<Vec<String>> {
    let [defaults, own] = fields;
    let Some(path) = own.replay.as_ref().or(defaults.replay.as_ref()) else {
        return Ok(Vec::new());
    };
    let words = own.compare.as_ref().or(defaults.compare.as_ref());
    let mut compare = match words {
        Some(words) => Compare::read(words).map_err(|why| anyhow::anyhow!("compare: {why}"))?,
        None => Compare::usual(),
    };
    let ignored = defaults.ignore_field.iter().chain(&own.ignore_field);
    compare.ignored = ignored.cloned().collect();
    let mut values = Values::new();
    for (name, source) in defaults.fill.iter().chain(&own.fill) {
        let (name, value) = cases::given(&format!("{name}={source}"), request.environment)?;
        values.insert(name, value);
    }
    let path = folder.join(path);
    let (replay, notices) = replay::of_scenario(&path, compare, values, request)?;
    if own.event.is_none() && defaults.event.is_none() {
        request.event = replay::event(&replay.body).unwrap_or(request.event);
    }
    request.replay = Some(Arc::new(replay));
    Ok(notices)
}

impl Fields {
    fn apply(&self, request: &mut CallRequest, folder: &Path) -> Result<()> {
        if let Some(unknown) = self.unknown.keys().next() {
            bail!("unknown setting `{unknown}`");
        }
        let path = |path: &PathBuf| folder.join(path);
        let text = |from: &Option<String>, to: &mut String| {
            if let Some(from) = from {
                to.clone_from(from);
            }
        };
        if let Some(event) = &self.event {
            request.event = event
                .parse()
                .map_err(|why| anyhow::anyhow!("event = \"{event}\": {why}"))?;
        }
        text(&self.text, &mut request.text);
        text(&self.language, &mut request.language);
        if let Some(bearer) = &self.bearer {
            request.bearer = Bearer::read(bearer);
        }
        for (from, to) in [
            (&self.url, &mut request.url),
            (&self.event_name, &mut request.event_name),
            (&self.session, &mut request.session),
            (&self.tag, &mut request.tag),
            (&self.request, &mut request.method),
            (&self.client, &mut request.client),
            (&self.sni, &mut request.sni),
        ] {
            if from.is_some() {
                to.clone_from(from);
            }
        }
        for (from, to) in [
            (&self.body, &mut request.body),
            (&self.cert, &mut request.cert),
            (&self.key, &mut request.key),
            (&self.pki, &mut request.pki),
            (&self.cacert, &mut request.cacert),
        ] {
            if let Some(from) = from {
                *to = Some(path(from));
            }
        }
        for (pointer, value) in &self.set {
            request.set.push((pointer.clone(), value.clone()));
        }
        request.header.extend(self.header.iter().cloned());
        request.resolve.extend(self.resolve.iter().cloned());
        request.connect_to.extend(self.connect_to.iter().cloned());
        request.insecure = self.insecure.unwrap_or(request.insecure);
        request.http = match self.http2 {
            Some(true) => HttpVersion::Http2,
            Some(false) => HttpVersion::Http1,
            None => request.http,
        };
        request.time_limit = self.time_limit.or(request.time_limit);
        request.max_time = self.max_time.or(request.max_time);
        Ok(())
    }
}
