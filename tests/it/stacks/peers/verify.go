// Go's crypto/x509 over a list of cases, asked as crypto/tls asks it.
//
// verify FOLDER < LIST: each line "name role host moment crls"; a letter and a reason come back.
// Go knows no revocation lists here: they are left out.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func certificates(path string) (list []*x509.Certificate, err error) {
	rest, missing := os.ReadFile(path)
	if missing != nil {
		return nil, nil
	}
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return list, err
		}
		if one, bad := x509.ParseCertificate(block.Bytes); bad != nil {
			err = bad
		} else {
			list = append(list, one)
		}
	}
}

func judge(folder, role, host string, moment int64) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	leaf, err := certificates(filepath.Join(folder, "leaf.pem"))
	if err != nil {
		return err
	}
	sent, err := certificates(filepath.Join(folder, "sent.pem"))
	if err != nil {
		return err
	}
	// A pool made of a file leaves out what it cannot read.
	anchors, _ := certificates(filepath.Join(folder, "anchors.pem"))
	asked := x509.VerifyOptions{
		Roots:         x509.NewCertPool(),
		Intermediates: x509.NewCertPool(),
		CurrentTime:   time.Unix(moment, 0),
	}
	for _, one := range anchors {
		asked.Roots.AddCert(one)
	}
	for _, one := range sent {
		asked.Intermediates.AddCert(one)
	}
	if role == "client" {
		asked.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	} else {
		asked.DNSName = host
	}
	_, err = leaf[0].Verify(asked)
	return err
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var name, role, host string
		var moment int64
		var crls int
		fmt.Sscan(lines.Text(), &name, &role, &host, &moment, &crls)
		letter, why := "A", ""
		if err := judge(filepath.Join(os.Args[1], name), role, host, moment); err != nil {
			letter, why = "R", strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(name, letter, why)
	}
}
