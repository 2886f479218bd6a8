//! The webhook APIs of Dialogflow: what they are called and what they bear.

use std::time::Duration;

use super::{CX_TIMEOUT_DEFAULT, ES_TIMEOUT};
use crate::facts::SenderKind;

/// A webhook API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Api {
    /// `google.cloud.dialogflow.v2`.
    #[default]
    EsV2,
    /// `google.cloud.dialogflow.v2beta1`.
    EsV2Beta1,
    /// `google.cloud.dialogflow.cx.v3`, standard webhook.
    CxV3,
    /// The same, flexible webhook: method, request and answer are its owner's own.
    CxFlexible,
}

impl Api {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::EsV2, Self::EsV2Beta1, Self::CxV3, Self::CxFlexible];

    /// What flags call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::EsV2 => "es",
            Self::EsV2Beta1 => "es-beta",
            Self::CxV3 => "cx",
            Self::CxFlexible => "cx-flexible",
        }
    }

    /// The sender's name in words.
    pub fn sender(self) -> &'static str {
        match self {
            Self::EsV2 => "Dialogflow ES",
            Self::EsV2Beta1 => "Dialogflow ES (v2beta1)",
            Self::CxV3 => "Dialogflow CX",
            Self::CxFlexible => "Dialogflow CX (flexible webhook)",
        }
    }

    /// What the sender makes of an answer.
    pub fn kind(self) -> SenderKind {
        match self {
            Self::EsV2 | Self::EsV2Beta1 | Self::CxV3 => SenderKind::Schema,
            Self::CxFlexible => SenderKind::Flexible,
        }
    }

    /// The name of its sender's profile.
    pub fn profile(self) -> &'static str {
        match self {
            Self::EsV2 | Self::EsV2Beta1 => "dialogflow",
            Self::CxV3 | Self::CxFlexible => "dialogflow-cx",
        }
    }

    /// How long it waits for an answer unless its webhook resource says otherwise.
    pub fn time_limit(self) -> Duration {
        match self {
            Self::EsV2 | Self::EsV2Beta1 => ES_TIMEOUT,
            Self::CxV3 | Self::CxFlexible => CX_TIMEOUT_DEFAULT,
        }
    }

    /// The package in the embedded schema; `None` for bodies that are their owner's own.
    pub(super) fn package(self) -> Option<&'static str> {
        match self {
            Self::EsV2 => Some("es_v2"),
            Self::EsV2Beta1 => Some("es_v2beta1"),
            Self::CxV3 => Some("cx_v3"),
            Self::CxFlexible => None,
        }
    }
}

impl std::str::FromStr for Api {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|api| api.name() == name)
            .ok_or_else(|| format!("expected one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}
