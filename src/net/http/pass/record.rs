//! What went by is looked into and recorded, once its way is over.
//!
//! For: `pass`, aside. Must not: keep anybody waiting; at the end of a run bodies are known by
//! their size only.

use super::*;

impl Passing {
    pub(super) async fn record(mut self, ended: Ended) {
        self.underway.described();
        let again = match (self.again.take(), &self.answer) {
            (Some(sent), Some(answer)) if matches!(ended, Ended::Whole) => {
                sent.whole(&self.asked, answer.status, &answer.copied)
            }
            _ => None,
        };
        let (mut payload, body_bytes, sent) = self.look().await;
        let recorded = payload.recorded.take();
        // That the run ends is no matter of --max-kept.
        if payload.omitted.is_some() && !self.target.aside.hurries() {
            answer::say_left_out(&self.observed, &self.reporter).await;
        }
        let answer = self.answer.take();
        let facts = self.facts();
        facts.timings_ms.sent = sent;
        let left = matches!(ended, Ended::Left);
        if let Ended::Failed(error) = ended {
            facts.error = Some(error);
        }
        let broken = facts.error.as_ref().map(|error| error.why.clone());
        let whole = broken.is_none() && !left;
        let (answer, answering) = match answer {
            Some(answering) => {
                let answer = HttpAnswer {
                    status: answering.status,
                    body_bytes: answering.copied.lock().total,
                    why: match broken {
                        Some(why) => why,
                        None if left => {
                            "the application's answer, as far as it was taken".to_owned()
                        }
                        None => "the application's answer".to_owned(),
                    },
                    by: AnsweredBy::Application,
                };
                (Some(answer), Some(answering))
            }
            None => (self.underway.exchange.answer.take(), None),
        };
        self.keep(recorded, answering, whole).await;
        let exchange = std::mem::take(&mut self.underway.exchange);
        self.underway.exchange = HttpExchange {
            body_bytes,
            decoded: payload.coding,
            json_ok: payload.json_ok,
            json_problem: payload.json_problem,
            body: payload.body,
            body_omitted: payload.omitted,
            kind: payload.kind,
            parameters: payload.parameters,
            limit: exchange.limit.clone().or(payload.limit),
            answer,
            again: again.map(Arc::new),
            ..exchange
        };
        drop(self.underway);
        if self.observed.plan.live {
            self.reporter.progress(&self.observed).await;
        }
    }

    /// Puts what came and went into the recording, where there is one.
    async fn keep(&mut self, request: Option<Kept>, answering: Option<Answering>, whole: bool) {
        let forward = self.underway.exchange.forward.clone();
        let total = self.asked.lock().total;
        let Some(recorded) = &mut self.underway.exchange.recorded else {
            return;
        };
        recorded.forward = forward;
        if let Some((mut body, room)) = request {
            body.bytes = total as u64;
            recorded.request.body = body;
            recorded.room.extend(room);
        }
        let Some(recorder) = &self.observed.record else {
            return;
        };
        let Some(answering) = answering else {
            // The answer that was made here.
            if let Some(ours) = &self.ours {
                let plain = body::decode(ours.text.as_bytes().to_vec(), None, usize::MAX);
                let seen = (ours.text.as_bytes(), &plain, None);
                let status = (ours.status, ours.version);
                recorder.answer(recorded, status, &ours.fields, seen, AnsweredBy::Mtls);
            }
            return;
        };
        let Some((version, fields)) = answering.head else {
            return;
        };
        let (bytes, total, cut) = {
            let mut copy = answering.copied.lock();
            let cut = copy.cut.clone();
            (std::mem::take(&mut copy.bytes), copy.total, cut)
        };
        let cut = cut.or_else(|| self.target.aside.hurries().then(|| HURRIED.to_owned()));
        // Half of it is none: nobody could look for credentials in it.
        let bytes = if cut.is_some() { Vec::new() } else { bytes };
        let problem = cut.or_else(|| {
            let why = match &self.underway.exchange.forward {
                Some(Forward { error: None, .. }) => "the client left within the answer",
                _ => "the answer broke off",
            };
            (!whole).then(|| why.to_owned())
        });
        let limit = self.observed.plan.limits.body_bytes;
        let decoded = {
            let _turn = self.observed.share.unpacking().await;
            body::decode(bytes.clone(), answer::coding(&fields).as_deref(), limit)
        };
        let seen = (&bytes[..], &decoded, problem.as_deref());
        let status = (answering.status, version);
        recorder.answer(recorded, status, &fields, seen, AnsweredBy::Application);
        if let Some(answer) = &mut recorded.answer {
            answer.body.bytes = total as u64;
        }
    }

    /// What the request's body held, how long it was, and when it had gone on.
    async fn look(&self) -> (Payload, usize, Option<u64>) {
        let (bytes, total, omitted, sent) = {
            let mut copy = self.asked.lock();
            let hurried = self.target.aside.hurries() && !copy.bytes.is_empty();
            let cut = copy.cut.clone();
            let cut = cut.or_else(|| hurried.then(|| HURRIED.to_owned()));
            let omitted = cut.map(|why| BodyOmitted {
                bytes: copy.total,
                sha256: copy.sha256(),
                why: format!("passed on whole, not kept: {why}"),
            });
            let sent = copy.whole.map(|at| at.duration_since(self.began));
            let sent = sent.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
            (std::mem::take(&mut copy.bytes), copy.total, omitted, sent)
        };
        let why = omitted.as_ref().map(|omitted| omitted.why.clone());
        let why = why.or_else(|| self.underway.exchange.limit.clone());
        let why = why.or_else(|| sent.is_none().then(|| UNREAD.to_owned()));
        let problem = why.as_deref();
        let payload = match omitted {
            // Half of it would be taken for broken JSON.
            Some(omitted) => Payload {
                omitted: Some(omitted),
                ..answer::unpacked(Vec::new(), problem, None, None, &self.observed).await
            },
            None => {
                let coding = self.coding.as_deref();
                answer::unpacked(bytes, problem, coding, None, &self.observed).await
            }
        };
        (payload, total, sent)
    }
}
