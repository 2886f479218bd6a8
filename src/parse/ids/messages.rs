//! Handshake messages: registry "TLS HandshakeType" (RFC 8446 section 4, RFC 5246 section 7.4, RFC
//! 8879).

/// A handshake message's name as its RFC writes it; `message N` for a type that is not registered.
pub fn message_name(kind: u8) -> String {
    let name = match kind {
        0 => "HelloRequest",
        1 => "ClientHello",
        2 => "ServerHello",
        4 => "NewSessionTicket",
        5 => "EndOfEarlyData",
        8 => "EncryptedExtensions",
        11 => "Certificate",
        12 => "ServerKeyExchange",
        13 => "CertificateRequest",
        14 => "ServerHelloDone",
        15 => "CertificateVerify",
        16 => "ClientKeyExchange",
        20 => "Finished",
        21 => "CertificateURL",
        22 => "CertificateStatus",
        23 => "SupplementalData",
        24 => "KeyUpdate",
        25 => "CompressedCertificate",
        _ => return format!("message {kind}"),
    };
    name.to_owned()
}
