//! An inspected endpoint for rule tests: good until told otherwise.

use crate::{
    context::Context,
    facts::{
        CaName, Case, CertificateRequest, Dialled, Inspected, Phase, Probe, Resumption, Staple,
        StapleStatus,
    },
    parse::{cert, name},
    profiles,
};

/// An inspection under construction.
pub(crate) struct ProbeFixture {
    probe: Probe,
    context: Context,
}

impl ProbeFixture {
    /// A server that asks for certificates of the CAs of the first sender.
    pub(crate) fn good() -> Self {
        let now = "2026-11-24T00:00:00Z".parse().unwrap_or_default();
        let mut dialled = Dialled::new("https://hook.example/", Phase::Http);
        dialled.asked = Some(true);
        dialled.server_name = Some("hook.example".to_owned());
        let probe = Probe {
            dialled,
            request: None,
            http: None,
            staple: None,
            resumption: Some(Resumption {
                tickets: 2,
                resumed: None,
            }),
            shown: None,
        };
        let fixture = Self {
            probe,
            context: Context {
                profile: profiles::all().first(),
                ..Context::at(now)
            },
        };
        fixture.names(0..2)
    }

    /// With the roots of these identities of the sender as CA names.
    pub(crate) fn names(mut self, identities: std::ops::Range<usize>) -> Self {
        let named = self.context.profile.iter().flat_map(|profile| {
            profile.identity[identities.clone()]
                .iter()
                .flat_map(|identity| &identity.roots)
        });
        let ca_names = named
            .map(|root| {
                let root = cert::certificate(&root.der);
                CaName {
                    canonical: name::canonical(root.subject_der()),
                    bytes: root.subject_der().len(),
                    name: root.subject,
                }
            })
            .collect();
        self.probe.request = Some(CertificateRequest {
            ca_names,
            signature_algorithms: vec![0x0403],
        });
        self
    }

    /// For a sender that presents its certificate only where one of its CAs is named.
    pub(crate) fn wanting_ca_names(mut self) -> Self {
        self.context.profile = profiles::all()
            .iter()
            .find(|profile| profile.presented == profiles::Presented::IfCaNamesMatch);
        self
    }

    /// Changes the inspection.
    pub(crate) fn probe(mut self, change: impl FnOnce(&mut Probe)) -> Self {
        change(&mut self.probe);
        self
    }

    /// The case and its context.
    pub(crate) fn done(self) -> (Case, Context) {
        let inspected = Inspected {
            target: "hook.example".to_owned(),
            asked_for: None,
            probe: Some(self.probe),
            pem: false,
        };
        let case = Case::new("hook.example", self.context.now, inspected);
        (case, self.context)
    }
}

/// A staple that says this.
pub(crate) fn staple(status: StapleStatus, problem: Option<&str>) -> Staple {
    Staple {
        status,
        revoked_at: None,
        produced_at: None,
        this_update: None,
        next_update: None,
        problem: problem.map(str::to_owned),
        bytes: 471,
    }
}
