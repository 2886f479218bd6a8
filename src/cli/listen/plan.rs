//! Flags and files to a plan.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::args::Args;
use crate::{
    cli::{common, destination::Format, keys::Source, token},
    jobs::{anchors::Judges, files, profile},
    net::{
        identity::ServerIdentity,
        plan::{self, Answer, Limits, Plan},
        record::Recording,
    },
    parse::{crl::RevocationList, escape},
    pki::Authority,
    profiles::Profile,
};

/// The plan that the flags ask for.
pub(super) fn plan(
    args: &Args,
    named: &[&'static Profile],
    judges: Judges,
    server: ServerIdentity,
    password: Option<&str>,
) -> Result<Plan> {
    let versions = args.tls.versions()?;
    let key_log = match &args.keylog {
        None => None,
        Some(path) => {
            let file = private_file(path)?;
            common::complain(&format!(
                "mtls: writing TLS secrets to {}: keep that file safe",
                path.display()
            ));
            Some(plan::key_log(file))
        }
    };
    let show_secrets = args.secrets.warned();
    let at_time = args.time.at_time;
    let judge_at = move || at_time.unwrap_or_else(common::this_second);
    let wants = &args.wants;
    let wanted = wants.jwks.is_some()
        || !wants.audience.is_empty()
        || wants.project_number.is_some()
        || !wants.issuer.is_empty();
    if wanted && !args.verify_token {
        bail!(
            "--jwks, --audience, --project-number and --issuer say what a token has to be; add --verify-token to have it checked"
        );
    }
    let verify_token = if args.verify_token {
        let name = args
            .files
            .profile
            .first()
            .map_or(profile::FIRST, String::as_str);
        let named = !args.files.profile.is_empty();
        let wanted = token::wanted(&args.wants, profile::token(profile::named(name)?)?, named);
        let source = args.wants.jwks.as_deref();
        let source = source.map(|from| Source::open(from, None)).transpose()?;
        let verify: plan::VerifyToken = Arc::new(move |value| {
            let mut token = Source::verify(source.as_ref(), value, &wanted, judge_at());
            // What is not a bearer token at all keeps its kind.
            token.kind = crate::parse::jwt::token(value).kind;
            token
        });
        Some(verify)
    } else {
        None
    };
    Ok(Plan {
        server,
        client_auth: args.client_auth.into(),
        anchors: judges.anchors,
        lists: lists(args)?.into(),
        ca_names: judges.ca_names,
        enforce: args.enforce,
        verify_depth: args.verify_depth,
        max_depth: args.max_depth,
        partial_chain: args.partial_chain,
        versions,
        answer: Answer {
            body: args
                .answer
                .respond
                .as_deref()
                .map(files::read)
                .transpose()?,
            formats: named.iter().flat_map(|profile| &profile.request).collect(),
            status: args.answer.status,
            delay: args.answer.delay,
        },
        forward: args.forward.target(password)?,
        verify_token,
        limits: Limits {
            handshake: args.limits.handshake_timeout,
            request: args.limits.request_timeout,
            header_bytes: args.limits.max_header,
            body_bytes: args.limits.max_body,
            kept_bytes: args.limits.max_kept,
            connections: args.limits.max_connections,
            ..Limits::default()
        },
        key_log,
        record: match &args.record.record {
            Some(_) => Some(Recording::new(random()?, HELD)),
            None => None,
        },
        show_secrets,
        live: args.ui.ui.is_some() || matches!(args.output.format, Format::Text | Format::Openssl),
        again: args.ui.ui.as_ref().map(|_| Arc::default()),
        clock: Arc::new(common::now),
        judge_at: Arc::new(judge_at),
        recognise: profile::recogniser(named),
    })
}

/// The revocation lists that clients are looked up in. One that is out of date rejects every client
/// of its CA, which is said before the first comes.
fn lists(args: &Args) -> Result<Vec<RevocationList>> {
    let lists = files::revocation_lists(&args.files.crlfile)?;
    let now = args.time.now();
    for list in &lists {
        if let Some(due) = list.next_update.filter(|due| *due < now) {
            common::complain(&format!(
                "mtls: --crlfile: the revocation list of {} expired {due}: no certificate of that CA verifies",
                escape::text(&list.issuer)
            ));
        }
    }
    Ok(lists)
}

/// Bytes of recordings that may wait to be written: bodies and headers of what is under way.
const HELD: u64 = 64 << 20;

/// A value that nobody can guess, for this run alone.
fn random() -> Result<[u8; 32]> {
    let mut value = [0; 32];
    aws_lc_rs::rand::fill(&mut value)
        .ok()
        .context("the system gives no random numbers")?;
    Ok(value)
}

/// Opens a file that only its owner can read.
fn private_file(path: &Path) -> Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .with_context(|| format!("{}: cannot write to it", path.display()))
}

/// A certificate made for this run alone.
pub(super) struct Throwaway {
    pub(super) server: ServerIdentity,
    /// Removed when this is dropped.
    _folder: tempfile::TempDir,
    pub(super) anchor: PathBuf,
}

impl Throwaway {
    pub(super) fn new(now: Timestamp) -> Result<Self> {
        let authority = Authority::new(now)?;
        let identity = authority.server(&["localhost", "127.0.0.1", "::1"])?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key_pkcs8.clone()));
        let server = ServerIdentity::new(identity.chain.clone(), key)?;
        // Only the public CA certificate is written; the keys never leave this process.
        let folder = tempfile::Builder::new()
            .prefix("mtls-")
            .tempdir()
            .context("cannot make a folder for the CA certificate")?;
        let anchor = folder.path().join("server-ca.pem");
        std::fs::write(&anchor, authority.server_anchor_pem())
            .with_context(|| format!("{}: cannot write it", anchor.display()))?;
        Ok(Self {
            server,
            _folder: folder,
            anchor,
        })
    }
}
