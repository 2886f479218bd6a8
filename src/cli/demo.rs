//! `mtls demo`: the whole story in one process, no files needed.

use std::{net::Ipv4Addr, sync::Arc};

use anyhow::{Context as _, Result};
use colored::Colorize;
use jiff::Timestamp;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io::Write;
use tokio::{net::TcpListener, sync::mpsc};

use super::{common, flags::ColorArgs, output};
use crate::verify::stacks::StatusBy;
use crate::{
    context::Context,
    dialogflow, engine,
    jobs::{anchors, profile, runtime},
    net::{
        dial::{Connector, Method, Request, header::HeaderName},
        event::Event,
        identity::{ClientIdentity, ServerIdentity},
        listen as listener,
        plan::Plan,
    },
    parse::cert,
    pki::{self, Authority},
    render::text::{Detail, Look, Text, hanging},
    report::Sink,
    verify::Anchors,
};

/// Flags of `demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show all that the listener saw of each call
    #[arg(short = 'v', long)]
    verbose: bool,
    #[command(flatten)]
    colour: ColorArgs,
}

/// The three acts: what happens, and the recipe of the client certificate.
const ACTS: [(&str, &str); 3] = [
    (
        "Dialogflow says \"Hi\" with a valid client certificate",
        "valid",
    ),
    (
        "The same without a client certificate",
        "client-cert-not-sent",
    ),
    (
        "The same with an expired client certificate",
        "client-expired",
    ),
];

/// What is typed next, with one's own files: what it does, and how.
const NEXT: [(&str, &str); 4] = [
    (
        "check files",
        "mtls lint --cert fullchain.pem --key key.pem",
    ),
    (
        "see who calls",
        "mtls listen --cert fullchain.pem --key key.pem",
    ),
    (
        "rehearse",
        "mtls simulate https://your-webhook.example/hook --matrix",
    ),
    ("an error", "mtls explain \"THE ERROR\""),
];

/// Columns of an answer that are printed.
const ANSWER: usize = 44;

/// Columns in front of what goes with a verdict.
const INDENT: usize = 3;

/// The URL that the callers are told of, and the audience of their token.
const URL: &str = "https://localhost/dialogflowFulfillment";

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    let now = common::this_second();
    let authority = Authority::new(now).context("cannot make the throwaway certificates")?;
    let plan = Arc::new(webhook(&authority)?);
    let context = Context {
        anchors_given: true,
        anchors_origin: "the demo's own client CA".to_owned(),
        enforce: true,
        ..Context::at(now)
    };
    let runtime = runtime::of_many()?;
    let mut out = output::styled_stdout(args.colour.color);
    runtime.block_on(async {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("cannot listen on 127.0.0.1")?;
        let address = socket.local_addr()?;
        let (sender, mut events) = mpsc::channel(16);
        let running = tokio::spawn(listener::run(
            socket,
            plan,
            sender,
            Some(ACTS.len() as u64),
            std::future::pending(),
        ));
        writeln!(
            out,
            "A webhook on {address} requests a client certificate and rejects bad ones.\n"
        )?;
        let anchor = cert::certificate(authority.server_anchor());
        let store = anchors::Store::of("the demo's CA", vec![Arc::new(anchor)]);
        let judge = anchors::server_judge(store, "localhost".to_owned(), now, StatusBy::default());
        let dialler = Arc::new(Connector {
            addresses: vec![address],
            body_bytes: dialogflow::ANSWER_LIMIT,
            ..Connector::new(URL, "localhost", address.port(), judge)
        });
        let request = request(address.port(), now)?;
        let detail = if args.verbose {
            Detail::Full
        } else {
            Detail::Verdict
        };
        let look = Look {
            now,
            detail,
            width: output::width(),
        };
        for (title, recipe) in ACTS {
            writeln!(out, "{}", title.bold())?;
            let client = client(&authority, recipe)?;
            let seen = dialler.call(client.as_ref(), request.clone()).await;
            if let Some(case) = next_closed(&mut events).await {
                let mut said = Vec::new();
                Text::new(&mut said, look).case(&engine::judge(case, &context))?;
                let said = String::from_utf8_lossy(&said);
                let width = look.width.filter(|_| !args.verbose);
                write!(out, "{}", hanging(&said, width, INDENT))?;
            }
            let came = match seen.answer {
                Some(answer) => {
                    let body = String::from_utf8_lossy(&answer.body);
                    let shown: String = body.chars().take(ANSWER).collect();
                    let more = if shown.len() < body.len() { "…" } else { "" };
                    format!("HTTP {}: {shown}{more}", answer.status)
                }
                None => format!("no answer: {}", seen.dialled.how()),
            };
            writeln!(out, "{:INDENT$}the client received {came}\n", "")?;
        }
        running.await.context("the listener failed")?;
        writeln!(
            out,
            "{}",
            "Next, with your own files (-v shows these calls in full):".bold()
        )?;
        for (what, command) in NEXT {
            writeln!(out, "  {what:<16}{command}")?;
        }
        Ok(0)
    })
}

/// A webhook that asks for a client certificate of the demo's own CA, and refuses another.
fn webhook(authority: &Authority) -> Result<Plan> {
    let identity = authority.server(&["localhost"])?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key_pkcs8.clone()));
    let server = ServerIdentity::new(identity.chain.clone(), key)?;
    let anchor = cert::certificate(authority.client_anchor());
    Ok(Plan {
        ca_names: vec![anchor.subject_der().to_vec()],
        enforce: true,
        anchors: Anchors::new([anchor]),
        judge_at: Arc::new(common::this_second),
        ..Plan::new(server, Arc::new(common::now), profile::recogniser(&[]))
    })
}

/// The request that Dialogflow sends when somebody says "Hi".
fn request(port: u16, now: Timestamp) -> Result<Request> {
    let token = profile::token(profile::named(profile::FIRST)?)?;
    let bearer = dialogflow::simulated_bearer(token, URL, now.as_second());
    Ok(Request {
        method: Method::POST,
        authority: format!("localhost:{port}"),
        path: "/dialogflowFulfillment".to_owned(),
        headers: dialogflow::headers()
            .iter()
            .copied()
            .chain([("authorization", bearer.as_str())])
            .map(|(name, value)| anyhow::Ok((name.parse::<HeaderName>()?, value.parse()?)))
            .collect::<Result<_>>()?,
        body: dialogflow::es_hi_request().to_string().into(),
    })
}

/// The client of this recipe; `None` for one that has no certificate.
fn client(authority: &Authority, recipe: &str) -> Result<Option<ClientIdentity>> {
    let recipe = pki::recipe(recipe).context("a recipe is missing")?;
    let Some(made) = authority.client(recipe)? else {
        return Ok(None);
    };
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.key_pkcs8));
    Ok(Some(ClientIdentity::new(made.chain, &key)?))
}

async fn next_closed(events: &mut mpsc::Receiver<Event>) -> Option<crate::facts::Case> {
    while let Some(event) = events.recv().await {
        if let Event::Closed(case) = event {
            return Some(*case);
        }
    }
    None
}
