//! Revocation lists of the simulated authorities.

use rcgen::{
    CertificateRevocationListParams, KeyIdMethod, RevocationReason, RevokedCertParams, SerialNumber,
};

use super::{
    Authority, PkiError,
    scenario::REVOKED,
    template::{self, Days, Issuer},
};
use crate::parse::pem;

impl Authority {
    /// The revocation lists that a server needs to refuse `client-revoked`: that of the simulated
    /// sender's intermediate, which names the leaf, and that of its root, which names nobody.
    /// OpenSSL wants both when it checks every certificate of a chain.
    pub fn crl_pem(&self) -> Result<String, PkiError> {
        Ok(self.intermediate_crl_pem()? + &self.list(&self.client_root, &[], Days::LIST)?)
    }

    /// The intermediate's list alone: a server that checks the whole chain then lacks one.
    pub fn intermediate_crl_pem(&self) -> Result<String, PkiError> {
        self.list(&self.client_intermediate, &[&REVOKED], Days::LIST)
    }

    /// Both lists, out of date since yesterday: a server that was given these refuses everybody.
    pub fn stale_crl_pem(&self) -> Result<String, PkiError> {
        let mut both = self.list(&self.client_intermediate, &[&REVOKED], Days::PAST)?;
        both += &self.list(&self.client_root, &[], Days::PAST)?;
        Ok(both)
    }

    fn list(&self, issuer: &Issuer, serials: &[&[u8]], days: Days) -> Result<String, PkiError> {
        let revoked_at = template::moved(self.now, days.0)?;
        let list = CertificateRevocationListParams {
            this_update: revoked_at,
            next_update: template::moved(self.now, days.1)?,
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: serials
                .iter()
                .map(|serial| RevokedCertParams {
                    serial_number: SerialNumber::from(serial.to_vec()),
                    revocation_time: revoked_at,
                    reason_code: Some(RevocationReason::CessationOfOperation),
                    invalidity_date: None,
                })
                .collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        }
        .signed_by(issuer)?;
        Ok(pem::encode("X509 CRL", list.der()))
    }
}
