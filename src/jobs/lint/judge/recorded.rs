//! A recorded case, judged again.

use std::path::Path;

use anyhow::Result;

use super::Judge;
use crate::{
    engine::{self, Judged},
    facts::{Case, Deployment, FileRole, Side, TrustStatus},
    jobs::{anchors::Store, cases, lint::job::Job},
    parse::{bundle, case, input},
    verify::conformance,
};

impl Judge {
    /// Judges the client of a recorded case again: by the anchors of that time, or by those that
    /// are named now.
    pub(super) fn recorded(&self, job: &Job) -> Result<Judged> {
        let path = job.files.first().map_or(Path::new(""), |(path, _)| path);
        let read = cases::read(path)?;
        let anchors = case::certificates(read.evidence.anchors.iter().map(|one| &*one.pem));
        let of_case;
        let store = if self.context.anchors_given {
            &self.store
        } else {
            of_case = Store::of(format!("{} (its trust anchors)", job.title), anchors);
            &of_case
        };
        let pem: String = read.evidence.client_chain.concat();
        let mut files = Vec::new();
        if !pem.is_empty() {
            let name = format!("{}#client_chain", job.title);
            files = input::read(&name, FileRole::Chain, None, pem.as_bytes());
        }
        let mut context = self.context.clone();
        context.role = Some(Side::Client);
        let mut bundles = bundle::assemble(&files, Some(Side::Client));
        for bundle in &mut bundles {
            let chain = &mut bundle.chain;
            conformance::note(chain);
            // On the wire the first one is the leaf, whatever it is.
            chain.leaf = 0;
            let presented = chain.shared();
            let trust = self.trust(store, &presented, &self.untrusted, Side::Client);
            chain.fetched = self.fetched(store, &presented, &self.untrusted, Side::Client)?;
            if !context.anchors_given && trust.status != TrustStatus::Unknown {
                context.anchors_given = true;
                context.anchors_origin.clone_from(&store.name);
            }
            chain.trust = Some(trust);
        }
        conformance::only_on_paths(&mut bundles, &files);
        let deployment = Deployment {
            then: Some(cases::then(&read)),
            ..Deployment::default()
        };
        let case = Case {
            files,
            bundles,
            ..Case::new(job.title.clone(), self.context.now, deployment)
        };
        Ok(engine::judge_with(&self.rules, case, &context))
    }
}
