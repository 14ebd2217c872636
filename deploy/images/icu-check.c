/* Whether ICU's data, as cut down, still makes a domain's name in any script into what DNS has (RFC 5891). */
#include <stdio.h>
#include <string.h>
#include <unicode/uidna.h>

int main(void)
{
	static const char name[] = "B\xc3\xbc" "cher.\xe4\xbe\x8b.test";
	char made[64] = "";
	UErrorCode error = U_ZERO_ERROR;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UIDNA *idna = uidna_openUTS46(UIDNA_DEFAULT, &error);

	uidna_nameToASCII_UTF8(idna, name, -1, made, sizeof(made), &info, &error);
	if (U_FAILURE(error) || info.errors != 0 || strcmp(made, "xn--bcher-kva.xn--fsq.test") != 0) {
		printf("ICU makes %s of %s: %s\n", made, name, u_errorName(error));
		return 1;
	}
	return 0;
}
