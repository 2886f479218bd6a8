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
    render::text::{Detail, Text},
    report::Sink,
    verify::Anchors,
};

/// Flags of `demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    colour: ColorArgs,
}

/// The three acts: what happens, and the recipe of the client certificate.
const ACTS: [(&str, &str); 3] = [
    (
        "Dialogflow says \"Hi\" with a good client certificate",
        "valid",
    ),
    (
        "the same request without a client certificate",
        "client-cert-not-sent",
    ),
    (
        "the same request with an expired client certificate",
        "client-expired",
    ),
];

/// What is typed next, with one's own files.
const NEXT: [&str; 4] = [
    "mtls listen --cert fullchain.pem --key key.pem --profile dialogflow",
    "mtls listen -key key.pem -cert fullchain.pem -accept 443 -verify 1",
    "mtls simulate https://your-webhook.example/hook --matrix",
    "mtls listen --client-ca clients.pem --enforce --count 1 --expect mtls",
];

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
            "A webhook on {address} asks its client for a certificate. Three clients come.\n"
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
        for (number, (title, recipe)) in ACTS.iter().enumerate() {
            writeln!(
                out,
                "{}",
                format!("{}. {title}", number + 1).bold().underline()
            )?;
            let client = client(&authority, recipe)?;
            let seen = dialler.call(client.as_ref(), request.clone()).await;
            let mut sink = Text::new(
                &mut out,
                now,
                if number == 0 {
                    Detail::Full
                } else {
                    Detail::Short
                },
            );
            if let Some(case) = next_closed(&mut events).await {
                sink.case(&engine::judge(case, &context))?;
            }
            match seen.answer {
                Some(answer) => writeln!(
                    out,
                    "the client got {}: {}\n",
                    answer.status,
                    String::from_utf8_lossy(&answer.body)
                )?,
                None => writeln!(
                    out,
                    "the client got no answer: {}\n",
                    seen.visit.ending.detail
                )?,
            }
        }
        running.await.context("the listener failed")?;
        writeln!(out, "{}", "Next, with your own files:".bold())?;
        for command in NEXT {
            writeln!(out, "  {command}")?;
        }
        Ok(0)
    })
}

/// A webhook that asks for a client certificate of the demo's own CA.
fn webhook(authority: &Authority) -> Result<Plan> {
    let identity = authority.server(&["localhost"])?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key_pkcs8.clone()));
    let server = ServerIdentity::new(identity.chain.clone(), key)?;
    let anchor = cert::certificate(authority.client_anchor());
    Ok(Plan {
        ca_names: vec![anchor.subject_der().to_vec()],
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
