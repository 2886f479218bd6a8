//! One call: flags to a dialler and a request, what was seen to facts.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{
    Bearer, CallRequest, Callers, LONGEST,
    clients::Client,
    replay::{self, Replay},
};
use crate::{
    context::Context,
    dialogflow::{self, Api, RequestSpec},
    facts::{AnswerFacts, Call, Case, Reply, SenderKind},
    jobs::{
        anchors::{Store, server_judge},
        files, profile,
        target::Target,
    },
    net::{
        dial::{Answered, Connector, HeaderMap, Method, Request, Seen, header},
        plan::Versions,
    },
    parse::{escape, redact},
    profiles::{HighestTls, Presented, Profile, RequestFormat},
    token::{self, SigningKey},
    verify::stacks::StatusBy,
};

/// The most that is read of an answer: far past the sender's limit, so that its true size is told
/// in most cases.
const READ: usize = 4 * 1024 * 1024;

/// What all calls of a plan have in common.
pub(super) struct Setup {
    api: Api,
    dialler: Arc<Connector>,
    pub(super) request: Request,
    time_limit: Option<Duration>,
    /// The sender's own words for all this, where a profile describes its request.
    described: Option<(&'static Profile, &'static RequestFormat)>,
    pub(super) context: Context,
    /// The recorded request that it is.
    replay: Option<Arc<Replay>>,
    /// The server's chain is told with the first call that saw it.
    told: Mutex<Option<Vec<String>>>,
}

impl Setup {
    /// Reads the files.
    pub(super) fn new(request: &CallRequest, url: &str) -> Result<Self> {
        let now = request.now;
        let target = Target::new(url, &request.resolve, &request.connect_to)?
            .through(request.proxy.as_ref());
        let server_name = request.sni.clone().unwrap_or_else(|| target.host.clone());
        let store = Store::deciding(request.cacert.as_deref(), request.default_roots)?;
        let context = Context {
            anchors_given: !store.is_empty(),
            anchors_origin: store.name.clone(),
            anchors_at_hand: at_hand(request),
            reached_by: reached_by(request),
            called_as: called_as(request),
            cacert_given: request.cacert.is_some(),
            pki_given: request.pki.is_some(),
            client_file: request
                .cert
                .as_ref()
                .map(|file| escape::shell_word(&file.display().to_string())),
            hosts: vec![server_name.clone()],
            ..Context::at(now)
        };
        let judge = server_judge(store, server_name.clone(), now, StatusBy::default());
        let described = request.profile.zip(request.format);
        let time_limit = match (request.time_limit, described) {
            (Some(said), _) => Some(said),
            (None, Some((_, format))) => format
                .answer
                .within_seconds
                .map(|seconds| Duration::from_secs(seconds.into())),
            (None, None) => Some(request.event.time_limit()),
        };
        let only12 =
            described.is_some_and(|(profile, _)| profile.highest_tls == Some(HighestTls::Tls12));
        let dialler = Connector {
            server_name,
            versions: match request.versions {
                Versions::Both if only12 => Versions::Only12,
                versions => versions,
            },
            only_if_named: described
                .is_some_and(|(profile, _)| profile.presented == Presented::IfCaNamesMatch),
            http: request.http,
            insecure: request.insecure,
            connect_time: request.connect_time,
            time: request.max_time.unwrap_or(LONGEST),
            answer_time: request.max_time.unwrap_or(match request.callers {
                Callers::One => LONGEST,
                Callers::Matrix | Callers::Readiness => time_limit.unwrap_or(LONGEST),
            }),
            body_bytes: READ,
            show_secrets: request.show_secrets,
            url: redact::text_unless(request.show_secrets, &called(request, &target)),
            ..target.dialler(judge)
        };
        Ok(Self {
            api: request.event,
            request: to_send(request, &target)?,
            replay: request.replay.clone(),
            dialler: Arc::new(dialler),
            time_limit,
            described,
            context,
            told: Mutex::new(None),
        })
    }

    /// Calls once as this client.
    pub(super) async fn call(&self, client: &Client) -> Call {
        let seen = self
            .dialler
            .call(client.identity.as_ref(), self.request.clone())
            .await;
        self.facts(client, seen)
    }

    /// Leaves the server's chain out where the call before had the same: it is judged and shown
    /// once. For calls in the order in which they are reported.
    pub(super) fn without_known_chain(&self, mut call: Call) -> Call {
        call.dialled.tls.server_chain = call.dialled.tls.server_chain.filter(|chain| {
            let sha256: Vec<String> = chain
                .certificates()
                .map(|certificate| certificate.sha256.clone())
                .collect();
            let mut told = self
                .told
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            let first = told.as_ref() != Some(&sha256);
            *told = Some(sha256);
            first
        });
        call
    }

    fn facts(&self, client: &Client, seen: Seen) -> Call {
        let replay = self.replay.as_deref();
        let unmet = replay.map_or_else(Vec::new, |replay| {
            let (now, show) = (seen.answer.as_ref(), self.dialler.show_secrets);
            replay
                .compare
                .differences(replay.answer.as_ref(), now, show)
        });
        Call {
            dialled: seen.dialled,
            sender: match self.described {
                Some((profile, _)) => profile.title.clone(),
                None => self.api.sender().to_owned(),
            },
            sender_kind: match self.described {
                Some(_) => SenderKind::Flexible,
                None => self.api.kind(),
            },
            client: client.name.clone(),
            client_kind: client.kind.clone(),
            expected: client.expected,
            differs: client.differs.clone(),
            expected_by: client.expected_by,
            unmet,
            wanted_status: replay
                .filter(|replay| replay.compare.status)
                .and_then(|replay| Some(replay.answer.as_ref()?.status)),
            reply: seen.answer.map(|answered| self.reply(answered)),
            time_limit: self.time_limit,
            size_limit: match self.described {
                // Nothing is known of one.
                Some(_) => usize::MAX,
                None => dialogflow::ANSWER_LIMIT,
            },
        }
    }

    /// The answer against the schema, its values fit to be shown.
    fn measured(&self, status: u16, body: &[u8]) -> AnswerFacts {
        let mut answer = match self.described {
            Some((_, format)) => dialogflow::judge_described(format, status, body),
            None => dialogflow::judge(self.api, body),
        };
        if !self.dialler.show_secrets {
            for problem in &mut answer.problems {
                let field = problem.pointer.rsplit('/').next().unwrap_or_default();
                problem.seen = redact::field(field, &problem.seen).into_owned();
            }
        }
        answer
    }

    fn reply(&self, answered: Answered) -> Reply {
        Reply {
            status: answered.status,
            version: answered.version,
            headers: answered.headers,
            answer: self.measured(answered.status, &answered.body),
            body: redact::body_unless(
                self.dialler.show_secrets,
                &String::from_utf8_lossy(&answered.body),
            ),
            body_bytes: answered.body_bytes,
            problem: answered.problem,
            cut: answered.cut,
        }
    }

    /// A call as a case.
    pub(super) fn case(&self, call: Call) -> Case {
        Case::new(call.client.clone(), self.context.now, call)
    }
}

/// The CA of the server certificates that `mtls pki` wrote with the clients, where no anchors are
/// named.
fn at_hand(request: &CallRequest) -> Option<String> {
    let folder = request.pki.as_ref().filter(|_| request.cacert.is_none())?;
    let file = folder.join("server-ca.pem");
    file.is_file()
        .then(|| escape::shell_word(&file.display().to_string()))
}

/// The flags that say which clients to be ([`Context::called_as`]).
fn called_as(request: &CallRequest) -> String {
    let client = request.client.as_deref().map(escape::shell_word);
    match (request.callers, client) {
        (Callers::Matrix, _) => " --matrix".to_owned(),
        (Callers::Readiness, _) => " --readiness".to_owned(),
        (Callers::One, Some(client)) => format!(" --client {client}"),
        (Callers::One, None) => String::new(),
    }
}

/// The flags by which the webhook is reached ([`Context::reached_by`]); those that say which client
/// to be and what to send are the finding's.
fn reached_by(request: &CallRequest) -> String {
    let path = |path: &std::path::PathBuf| path.display().to_string();
    let one = |flag: &'static str, value: Option<String>| value.map(|value| (flag, value));
    let all = |flag: &'static str, values: &[String]| -> Vec<(&'static str, String)> {
        values.iter().map(|value| (flag, value.clone())).collect()
    };
    let mut flags: Vec<(&str, String)> = Vec::new();
    flags.extend(one("--pki", request.pki.as_ref().map(path)));
    flags.extend(one("--cacert", request.cacert.as_ref().map(path)));
    flags.extend(one("--sni", request.sni.clone()));
    flags.extend(all("--resolve", &request.resolve));
    flags.extend(all("--connect-to", &request.connect_to));
    let insecure = if request.insecure { " --insecure" } else { "" };
    let words = flags
        .iter()
        .map(|(flag, value)| format!(" {flag} {}", escape::shell_word(value)));
    words.collect::<String>() + insecure
}

/// The request that a profile describes.
fn described(request: &CallRequest, format: &RequestFormat, target: &Target) -> Result<Request> {
    let base = request.body.as_deref().map(json_file).transpose()?;
    let body = dialogflow::described_body(format, base, &request.set)
        .map_err(|why| anyhow::anyhow!("--set {why}"))?;
    let mut headers = HeaderMap::new();
    for (name, text) in &format.headers {
        headers.insert(
            header::HeaderName::from_bytes(name.as_bytes())?,
            header::HeaderValue::from_str(&format.filled(text))?,
        );
    }
    if let Bearer::Given(given) = &request.bearer {
        let mut bearer = header::HeaderValue::from_str(&format!("Bearer {}", token::bare(given)))?;
        bearer.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, bearer);
    }
    with_lines(&mut headers, &request.header)?;
    Ok(Request {
        method: Method::from_bytes(format.method.as_bytes())?,
        authority: target.authority.clone(),
        path: dialogflow::described_path(format, &target.path),
        headers,
        body: body.into_bytes().into(),
    })
}

fn json_file(path: &Path) -> Result<Value> {
    let bytes = files::read(path)?;
    serde_json::from_slice(&bytes).with_context(|| format!("{}: not JSON", path.display()))
}

/// The URL that is called: of a recorded request with its path.
fn called(request: &CallRequest, target: &Target) -> String {
    match &request.replay {
        Some(replay) => {
            let path = replay::path(&replay.target, &target.path);
            format!("https://{}{path}", target.authority)
        }
        None => target.url.clone(),
    }
}

/// The value of the Authorization field.
pub(super) fn bearer(request: &CallRequest, url: &str) -> Result<Option<String>> {
    Ok(bearer_token(request, url)?.map(|token| format!("Bearer {token}")))
}

/// The bearer token of a call.
pub(super) fn bearer_token(request: &CallRequest, url: &str) -> Result<Option<String>> {
    let now = request.now.as_second();
    Ok(match &request.bearer {
        Bearer::None => None,
        Bearer::Simulated => {
            let token = profile::token(request.profile()?)?;
            let value = dialogflow::simulated_bearer(token, url, now);
            Some(token::bare(&value).to_owned())
        }
        Bearer::Mint => {
            let token = profile::token(request.profile()?)?;
            let claims = dialogflow::simulated_claims(token, url, now);
            Some(token::mint(&claims, &SigningKey::generate()?)?)
        }
        Bearer::Given(given) => Some(token::bare(given).to_owned()),
    })
}

/// Puts the fields of `-H` into these, or takes them out.
fn with_lines(headers: &mut HeaderMap, lines: &[String]) -> Result<()> {
    for line in lines {
        let Some((name, text)) = line.split_once(':') else {
            // It may be the secret itself: it is not repeated.
            bail!("-H: expected `Name: value`, found no colon");
        };
        let name = header::HeaderName::from_bytes(name.trim().as_bytes())
            .ok()
            .with_context(|| format!("-H: `{name}` is not a header name"))?;
        match text.trim() {
            "" => {
                headers.remove(name);
            }
            text => {
                let value = value(text).with_context(|| format!("-H {name}"))?;
                headers.insert(name, value);
            }
        }
    }
    Ok(())
}

fn value(text: &str) -> Result<header::HeaderValue> {
    header::HeaderValue::from_str(text)
        .ok()
        .context("the value has a character that no header may have")
}

/// A request that was recorded, for another place.
fn again(replay: &Replay, request: &CallRequest, target: &Target) -> Result<Request> {
    let mut headers = replay.headers.clone();
    with_lines(&mut headers, &request.header)?;
    Ok(Request {
        method: replay.method.clone(),
        authority: target.authority.clone(),
        path: replay::path(&replay.target, &target.path),
        headers,
        body: replay.body.clone().into(),
    })
}

fn to_send(request: &CallRequest, target: &Target) -> Result<Request> {
    if let Some(replay) = &request.replay {
        return again(replay, request, target);
    }
    if let Some(format) = request.format {
        return described(request, format, target);
    }
    let method = match (&request.method, request.event) {
        (None, _) => Method::POST,
        (Some(method), Api::CxFlexible) => {
            Method::from_bytes(method.to_ascii_uppercase().as_bytes())
                .ok()
                .with_context(|| format!("--request {method}: not an HTTP method"))?
        }
        (Some(method), api) => bail!(
            "--request {method}: {} calls with POST; only --event cx-flexible has a method of its own",
            api.sender()
        ),
    };
    let base = request.body.as_deref().map(json_file).transpose()?;
    let body = dialogflow::build(&RequestSpec {
        api: request.event,
        text: request.text.clone(),
        event: request.event_name.clone(),
        language: request.language.clone(),
        session: request.session.clone(),
        tag: request.tag.clone(),
        base,
        set: request.set.clone(),
    })
    .map_err(|why| anyhow::anyhow!("--set {why}"))?;
    let mut headers = HeaderMap::new();
    for (name, text) in dialogflow::headers() {
        headers.insert(
            header::HeaderName::from_bytes(name.as_bytes())?,
            value(text)?,
        );
    }
    if let Some(bearer) = bearer(request, &target.url)? {
        let mut bearer = value(&bearer)?;
        bearer.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, bearer);
    }
    with_lines(&mut headers, &request.header)?;
    Ok(Request {
        body: match method {
            Method::GET | Method::HEAD | Method::OPTIONS | Method::DELETE => Vec::new().into(),
            _ => body.to_string().into_bytes().into(),
        },
        method,
        authority: target.authority.clone(),
        path: target.path.clone(),
        headers,
    })
}
