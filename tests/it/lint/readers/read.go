// Prints for each file how many certificates crypto/x509 takes from it as anchors, and
// crypto/tls as a chain; or, for a key, 1 when crypto/tls takes it.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

func main() {
	role, other := os.Args[1], read(os.Args[2])
	for _, path := range os.Args[3:] {
		count, text := 0, read(path)
		switch role {
		case "anchors":
			pool := x509.NewCertPool()
			pool.AppendCertsFromPEM(text)
			count = len(pool.Subjects())
		case "chain":
			if pair, err := tls.X509KeyPair(text, other); err == nil {
				for _, der := range pair.Certificate {
					if _, err := x509.ParseCertificate(der); err == nil {
						count++
					}
				}
			}
		case "key":
			if _, err := tls.X509KeyPair(other, text); err == nil {
				count = 1
			}
		}
		fmt.Printf("%s %d\n", path, count)
	}
}

func read(path string) []byte {
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return text
}
