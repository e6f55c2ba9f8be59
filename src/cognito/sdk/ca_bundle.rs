//! Certificate authorities that are trusted beside the machine's own: those of a proxy that opens TLS, or of a private network.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use thiserror::Error;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Certificates from a file. They are added to those that the machine trusts, and take nothing away: names, dates and signatures are
/// checked as ever.
#[derive(Clone, Debug)]
pub struct CaBundle(Arc<Vec<Certificate>>);

#[derive(Debug)]
struct Certificate {
    /// As it stood in the file, without what stood around it.
    pem: String,
    der: CertificateDer<'static>,
}

/// Why a file is no bundle of certificates.
#[derive(Debug, Error)]
pub enum BundleError {
    #[error("cannot read the CA bundle {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    /// `reason` names the line.
    #[error("the CA bundle {path} is not right: {reason}")]
    Content { path: PathBuf, reason: String },
}

impl CaBundle {
    /// Reads certificates in PEM form, one after the other. What stands between them is left alone, as everywhere.
    ///
    /// # Errors
    /// The file can't be read, holds no certificate, or one that cannot be used. Nothing is left out silently: whoever names a file
    /// relies on all of it.
    pub fn read(path: &Path) -> Result<Self, BundleError> {
        let path = path.to_owned();
        match fs::read(&path) {
            Ok(bytes) => Self::parse(&String::from_utf8_lossy(&bytes))
                .map_err(|reason| BundleError::Content { path, reason }),
            Err(source) => Err(BundleError::Read { path, source }),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut found = Vec::new();
        let mut open: Option<(usize, String)> = None;
        for (at, line) in text.lines().enumerate() {
            let (at, line) = (at + 1, line.trim());
            match (&mut open, line) {
                (Some((from, _)), BEGIN) => {
                    return Err(format!(
                        "line {at}: a certificate begins, and the one of line {from} has not ended"
                    ));
                }
                (None, BEGIN) => open = Some((at, format!("{BEGIN}\n"))),
                (Some((from, pem)), line) => {
                    pem.push_str(line);
                    pem.push('\n');
                    if line == END {
                        found
                            .push(trusted(pem).map_err(|reason| format!("line {from}: {reason}"))?);
                        open = None;
                    }
                }
                (None, _) => {}
            }
        }
        if let Some((from, _)) = open {
            return Err(format!("line {from}: the certificate does not end"));
        }
        if found.is_empty() {
            return Err(format!(
                "there is no certificate in it, which would begin with {BEGIN}"
            ));
        }
        Ok(Self(Arc::new(found)))
    }

    /// Each certificate in PEM form.
    pub fn pems(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|trusted| trusted.pem.as_bytes())
    }

    /// Each certificate in DER form.
    pub fn ders(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|trusted| trusted.der.as_ref())
    }
}

/// The certificate of one section, once it is certain that the TLS stack takes it: the SDK would panic at one that it cannot use.
fn trusted(pem: &str) -> Result<Certificate, String> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| match error {
        PemError::Base64Decode(reason) => format!("the certificate is no base64 ({reason})"),
        other => format!("the certificate cannot be read ({other})"),
    })?;
    RootCertStore::empty()
        .add(der.clone())
        .map_err(|error| format!("this is no X.509 certificate ({error})"))?;
    Ok(Certificate {
        pem: pem.to_owned(),
        der,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        CaBundle::parse(text).unwrap_err()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, words) in [
            ("", "no certificate in it"),
            ("a remark\n", "no certificate in it"),
            (
                "x\n-----BEGIN CERTIFICATE-----\nAAAA\n",
                "line 2: the certificate does not end",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----BEGIN CERTIFICATE-----\n",
                "line 3: a certificate begins, and the one of line 1 has not ended",
            ),
            (
                "\n\n-----BEGIN CERTIFICATE-----\n*?!\n-----END CERTIFICATE-----\n",
                "line 3: the certificate is no base64",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "line 1: this is no X.509 certificate",
            ),
        ] {
            let told = refused(text);
            assert!(told.contains(words), "{text:?}: {told}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let error = CaBundle::read(Path::new("/nowhere/ca.pem")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/ca.pem"), "{error}");
    }
}
