//! What a page says that no help has room for: what a command does, how it ends, which files and
//! variables it reads.
//!
//! For: `manual`. Must not: say of a flag what its help does not.

/// An exit status and when it comes.
pub(super) type Status = (&'static str, &'static str);

const UNABLE: Status = (
    "2",
    "The program could not do its job: wrong usage, a file that cannot be read or written, an error in the settings file.",
);

/// What a command does, where a line does not say it all.
pub(super) fn described(name: &str) -> &'static str {
    match name {
        "mtls" => {
            "A webhook sender with a client certificate and a webhook server that verifies it have many ways to fail, and the error message rarely names the cause. `mtls` shows what each side presents, checks files and servers before they are deployed, rehearses calls with valid and faulty certificates, and explains error messages."
        }
        "mtls-lint" => {
            "Reads certificates, keys, CA files and server configurations, and reports what TLS stacks reject, now or at --at-time. It opens no connection, and writes no file but that of --fix and --output."
        }
        "mtls-diff" => {
            "Compares two states of a deployment, each a chain, a client-CA file, a folder, a server configuration, an endpoint, or a JSON report of mtls-lint(1), and says who loses access: each sender whose certificate is known, each client of --would-accept, and the callers that trust the root of the server's chain or call one of its names."
        }
        "mtls-listen" => {
            "Accepts TLS connections, asks each client for a certificate, prints what the client sent, and answers as a webhook does. By default it observes: --enforce rejects client certificates that do not verify. Without --cert it makes a throwaway certificate for localhost."
        }
        "mtls-inspect" => {
            "Connects to an endpoint, or reads a file or a directory, and shows the certificate chain as it was sent beside the one that verifies, which client certificates the server asks for, and what is wrong. --targets inspects a list of any length."
        }
        "mtls-simulate" => {
            "Sends the request of a sender such as Dialogflow, with a client certificate of your own, one of mtls-pki(1), or a throwaway one, and reports whether the webhook accepts the client and answers as the sender needs it. --matrix calls once with every kind of client certificate, which shows whether the webhook enforces mutual TLS."
        }
        "mtls-explain" => {
            "Looks a message, code or number up in a dictionary of TLS stacks, says which side rejected the other, and lists the causes, most likely first, each with how to check and fix it. With a log on standard input it finds every line that it knows. Evidence narrows the causes down."
        }
        "mtls-pki" => {
            "Writes a client CA, a server CA, and certificates with their keys: valid ones, and one for each fault that a certificate can have. Every key is readable by its owner only, and no file is overwritten."
        }
        "mtls-profiles" => {
            "A sender profile is what is known about the client certificates, tokens and requests of a sender, each fact with its source and the day it was read. Without a command, all profiles are listed."
        }
        _ => "",
    }
}

pub(super) fn statuses(name: &str) -> Vec<Status> {
    let (good, bad) = match name {
        "mtls" => (
            "As expected.",
            "Something is wrong: a finding at or above --fail-on, a rejected handshake, an expectation not met, an endpoint that cannot be reached, or the verdict UNKNOWN: something that was asked has no answer.",
        ),
        "mtls-lint" => (
            "No finding at or above --fail-on.",
            "A finding at or above --fail-on, or the verdict UNKNOWN: something that was asked was looked at and has no answer. What nothing that was named can answer (--profile without a client-CA file or configuration) is status 2.",
        ),
        "mtls-diff" => (
            "Nobody loses access.",
            "Somebody loses access, or it is not known whether somebody does (verdict `unknown`).",
        ),
        "mtls-inspect" => (
            "No finding at or above --fail-on, and the chain is trusted.",
            "A finding at or above --fail-on, a chain that is not trusted, or an endpoint that cannot be reached or whose name does not resolve (a result, not wrong usage). With --format nagios the status is 0 ok, 1 warning, 2 critical, 3 unknown.",
        ),
        "mtls-simulate" => (
            "Every call ended as expected for its client certificate: an expired one that is rejected is a success.",
            "A call did not end as expected, a finding at or above --fail-on, or the webhook cannot be reached.",
        ),
        "mtls-listen" => (
            "No finding at or above --fail-on, and every --expect was met.",
            "A finding at or above --fail-on, or an --expect was not met.",
        ),
        "mtls-explain" => ("The query is known.", "The query is unknown."),
        "mtls-token-verify" => (
            "The token is valid.",
            "It is not, or nothing says whose it is.",
        ),
        "mtls-token-decode" => ("The token was decoded.", "It is not a JSON Web Token."),
        _ => return vec![("0", "Done."), UNABLE],
    };
    vec![("0", good), ("1", bad), UNABLE]
}

pub(super) fn files(name: &str) -> Vec<(&'static str, &'static str)> {
    let mut files = vec![(
        "mtls.toml",
        "Settings of a repository: flag defaults, exceptions with a reason and an end, severities. Read from the current directory or the nearest parent up to the repository's root, unless --config names another file or --no-config is given. A flag on the command line wins over the environment, and the environment over the file.",
    )];
    match name {
        "mtls-pki" => files.extend([
            ("DIR/client-ca.pem", "The CA that the webhook has to trust."),
            (
                "DIR/clients/NAME/",
                "fullchain.pem and key.pem of each client, the faulty ones named by their fault.",
            ),
            ("DIR/server-ca.pem", "The CA of the server certificates."),
            (
                "DIR/server/, DIR/servers/",
                "A valid server certificate, and faulty ones.",
            ),
            ("DIR/crl.pem", "The revocation list of the client CA."),
        ]),
        "mtls-simulate" | "mtls-inspect" => files.push((
            "DIR/clients/NAME/",
            "What --pki takes --client from; mtls-pki(1) writes it.",
        )),
        _ => {}
    }
    files
}

pub(super) fn environment(name: &str) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        (
            "MTLS_CONFIG",
            "The settings file, if --config does not name one.",
        ),
        (
            "MTLS_FLAG",
            "The default of a flag, its name in capitals with underscores: MTLS_FAIL_ON=note is --fail-on note.",
        ),
    ];
    match name {
        "mtls-lint" | "mtls-simulate" => all.push(SUMMARY),
        "mtls-inspect" => all.extend([
            SUMMARY,
            (
                "JOB_COMPLETION_INDEX, CI_NODE_INDEX",
                "The part of --shard auto/N: of Kubernetes from 0, of GitLab from 1.",
            ),
        ]),
        "mtls-listen" | "mtls-token-verify" => all.push((
            "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
            "The proxy through which a --jwks URL is fetched, and the hosts that need none.",
        )),
        _ => {}
    }
    all.extend([
        (
            "NO_COLOR, CLICOLOR, CLICOLOR_FORCE",
            "Whether --color auto uses colour.",
        ),
        (
            "LC_ALL, LC_CTYPE, LANG",
            "Unless the first that is set names UTF-8, output is ASCII.",
        ),
    ]);
    all
}

const SUMMARY: (&str, &str) = (
    "GITHUB_STEP_SUMMARY",
    "The file to which --format github appends a summary in Markdown.",
);
