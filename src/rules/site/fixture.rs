//! A server's address for the rules about configurations, good until changed.

use crate::{
    context::Context,
    facts::{
        Case, ClientAuthMode, Comparison, Deployment, Forwarded, ListInUse, Pin, Pinned, Place,
        ServerSoftware, Setting, Site,
    },
    rules::{client::fixture::sender, fixture::now},
};

/// A site under construction.
pub(crate) struct SiteFixture {
    site: Site,
    context: Context,
}

/// A setting on line 7.
pub(crate) fn set<T>(value: T, text: &str) -> Setting<T> {
    Setting {
        value,
        place: Place::lines("nginx.conf", 7, 7),
        text: text.into(),
    }
}

/// A pin on the subject's common name.
pub(crate) fn pin_on(name: &str) -> Pin {
    Pin {
        of: Pinned::CommonName,
        comparison: Comparison::Equals,
        values: vec![name.to_owned()],
        negated: false,
        in_handshake: false,
    }
}

/// A condition that the subject matches this expression.
pub(crate) fn matching(expression: &str) -> Pin {
    Pin {
        of: Pinned::Subject,
        comparison: Comparison::Matches,
        ..pin_on(expression)
    }
}

/// What the lists say of a CA of the client-CA file and of an intermediate.
pub(crate) fn list(error: Option<u32>) -> ListInUse {
    ListInUse {
        issuer: "CN = a CA".into(),
        issuer_canonical: Vec::new(),
        anchor: true,
        error,
        due: None,
    }
}

/// A header about the certificate.
pub(crate) fn forwarded(overwrites: bool) -> Forwarded {
    Forwarded {
        header: "X-Client-Subject".into(),
        value: "$ssl_client_s_dn".into(),
        overwrites,
    }
}

impl SiteFixture {
    /// Asks for a certificate, requires it, looks at its subject, and lets something check the
    /// token.
    pub(crate) fn strict() -> Self {
        let mut site = Site::new(
            ServerSoftware::Nginx,
            "server hook.example.com",
            Place::lines("nginx.conf", 3, 20),
        );
        site.certificate = vec![set("fullchain.pem".into(), "ssl_certificate fullchain.pem")];
        site.key = vec![set("key.pem".into(), "ssl_certificate_key key.pem")];
        site.client_ca = vec![set(
            "clients.pem".into(),
            "ssl_client_certificate clients.pem",
        )];
        site.client_auth = Some(set(ClientAuthMode::REQUIRED, "ssl_verify_client on"));
        site.intermediates = Some(set(2, "ssl_verify_depth 2"));
        site.pins = vec![set(
            pin_on(sender().identity[0].common_name().unwrap_or_default()),
            "if ($ssl_client_s_dn_cn != …)",
        )];
        site.bearer = vec![set((), "auth_jwt on")];
        Self {
            site,
            context: Context {
                profile: Some(sender()),
                ..Context::at(now())
            },
        }
    }

    /// Changes it.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Site)) -> Self {
        change(&mut self.site);
        self
    }

    /// What is done about client certificates.
    pub(crate) fn mode(self, mode: ClientAuthMode) -> Self {
        self.with(|site| site.client_auth = Some(set(mode, "ssl_verify_client")))
    }

    /// For a sender whose highest version of TLS is 1.2.
    pub(crate) fn up_to_tls12(mut self) -> Self {
        self.context.profile = crate::profiles::all()
            .iter()
            .find(|profile| profile.highest_tls == Some(crate::profiles::HighestTls::Tls12));
        self
    }

    /// No sender was named.
    pub(crate) fn nobody(mut self) -> Self {
        self.context.profile = None;
        self
    }

    pub(crate) fn done(self) -> (Case, Context) {
        let name = self.site.name.clone();
        let deployment = Deployment {
            site: Some(Box::new(self.site)),
            ..Deployment::default()
        };
        (Case::new(name, now(), deployment), self.context)
    }
}
