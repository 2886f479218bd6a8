// Prints for each file the common names of the certificates that crypto/x509 takes from it.
package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
)

func main() {
	for _, path := range os.Args[1:] {
		rest, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		names := ""
		// As CertPool.AppendCertsFromPEM does.
		for len(rest) > 0 {
			var block *pem.Block
			block, rest = pem.Decode(rest)
			if block == nil {
				break
			}
			if block.Type != "CERTIFICATE" || len(block.Headers) != 0 {
				continue
			}
			certificate, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				continue
			}
			names += certificate.Subject.CommonName
		}
		fmt.Printf("%s %s\n", path, names)
	}
}
