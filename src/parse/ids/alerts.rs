//! Alerts: registry "TLS Alerts" (RFC 8446 section 6, RFC 5246 section 7.2, RFC 6066 section 9, RFC
//! 7301, RFC 7507, RFC 9146, RFC 9849), with the reserved names of SSL 3.0 and TLS 1.0 that old
//! peers still send.

/// The registered name of an alert's description; `unknown_alert_N` for one that is not registered.
pub fn alert_name(number: u8) -> String {
    let name = match number {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        21 => "decryption_failed",
        22 => "record_overflow",
        30 => "decompression_failure",
        40 => "handshake_failure",
        41 => "no_certificate",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        52 => "too_many_cids_requested",
        60 => "export_restriction",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        100 => "no_renegotiation",
        109 => "missing_extension",
        110 => "unsupported_extension",
        111 => "certificate_unobtainable",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        114 => "bad_certificate_hash_value",
        115 => "unknown_psk_identity",
        116 => "certificate_required",
        117 => "general_error",
        120 => "no_application_protocol",
        121 => "ech_required",
        other => return format!("unknown_alert_{other}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_and_not() {
        assert_eq!(alert_name(48), "unknown_ca");
        assert_eq!(alert_name(116), "certificate_required");
        assert_eq!(alert_name(255), "unknown_alert_255");
        let named = (0..=255)
            .filter(|n| !alert_name(*n).starts_with("unknown_alert_"))
            .count();
        assert_eq!(named, 37);
    }
}
