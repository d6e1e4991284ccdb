package dev.lockstep.session.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.kit.SessionKit;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IronSealTest {
    /** Made by {@code @workos-inc/node} 10.9.0. */
    static final String BY_NODE = "Fe26.2*1*78ce838e3e591e63b9823ae024650dcf0c14b57e51b1ab4bc398275b74ea4d3f"
            + "*6pEwdub8ecz8GwwI7UUkig*wRC9ljHVUUrtB6UM1c5WdPxSx9rR1xHHlP8UIXoRassaJVvHGrDP0OGeRy-3TSr1ExBtJopelwHAA8wzG7Z8"
            + "Re9se_JOmdvLrY_40Bf26O7jde-_NyD9uzP3CKeJeSA_PHuIRNLVDUcyRnjRdJFh_cn_C-bKVFEDjTt7cfu2B85P3wMhKctYjPS99N74EJLE"
            + "t_QvpRURUMbxuPLkW_AAhyzXXHXgam6zHiUXOaWySYz6j5lALsxjNT15GThQUPApTB2cuPMcnbfKrCj69Bu_fxxkSsv7Dg48Bc5jxzwKH87q"
            + "gpk_z8E46zB8jg4hYX7hL7uNACBTQxaPfDJxLgmHmg**8acdbc670777c03451cd6aded7930b6003da75c77585aab449306a37a554cceb"
            + "*PmenCbBu1us5yA-ffADgplmq0x5dmIfTuft2K7lC7uo~2";

    static final String INSIDE = "{\"user\":{\"object\":\"user\",\"id\":\"user_1\",\"email\":\"a@b.co\",\"name\":null,"
            + "\"externalId\":null,\"metadata\":{}},\"accessToken\":\"eyJhbGciOiJSUzI1NiJ9.eyJzaWQiOiJzZXNzaW9uXzEiLCJz"
            + "dWIiOiJ1c2VyXzEifQ.c2ln\",\"refreshToken\":\"rt_1\",\"authenticationMethod\":\"Password\"}";

    /** A seal that stands in WorkOS's Kotlin SDK, whose cookies have no version suffix. */
    private static final String BY_KOTLIN = "Fe26.2*1*570ef110e7801942ced24e79800baeb86d4f803120fa48b1c057bfb083ee16d6"
            + "*M5mIO8mKHP8wFo5VxgIC_g*cKhTnmvcPkxH6euF9Bn5TvhrlOvOwQMb92PbnaVMiOs**"
            + "248b6fba3acd1ab0d31c5a2698a057dd0df62e319dce60fae2d4ddd8420e25f6*pV7Ipp4YGGBlIdhYCEidU4coZiSLrgyb4qlWXCxDcqk";

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final byte[] SECRET = bytes(SessionKit.PASSWORD);
    private static final byte[] OTHER = bytes("another-cookie-password-of-enough-length");
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void aSealMadeByTheNodeLibraryOpens() {
        assertThat(content(IronSeal.open(BY_NODE, List.of(SECRET), NOW))).isEqualTo(INSIDE);
    }

    @Test
    void aSealWithoutTheSuffixIsRefusedAlthoughItIsGenuine() {
        List<byte[]> kotlin = List.of(bytes("this-is-at-least-thirty-two-chars!"));
        assertThat(IronSeal.open(BY_KOTLIN, kotlin, NOW)).isEqualTo(new IronSeal.Broken(SealFault.SUFFIX));
        assertThat(content(IronSeal.open(BY_KOTLIN + "~2", kotlin, NOW))).isEqualTo("{\"user\":\"alice\"}");
    }

    @Test
    void changingAnyCharacterAnywhereBreaksTheSeal() {
        int tried = 0;
        for (int at = 0; at < BY_NODE.length(); at++) {
            for (char other : "A0b_-*~9".toCharArray()) {
                if (BY_NODE.charAt(at) != other) {
                    String forged = BY_NODE.substring(0, at) + other + BY_NODE.substring(at + 1);
                    assertThat(IronSeal.open(forged, List.of(SECRET), NOW))
                            .as("character %d made %s", at, other)
                            .isInstanceOf(IronSeal.Broken.class);
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(4_000);
    }

    @Test
    void leavingOutOrDoublingAnyCharacterBreaksTheSeal() {
        for (int at = 0; at < BY_NODE.length(); at++) {
            String shorter = BY_NODE.substring(0, at) + BY_NODE.substring(at + 1);
            String longer = BY_NODE.substring(0, at) + BY_NODE.charAt(at) + BY_NODE.substring(at);
            assertThat(IronSeal.open(shorter, List.of(SECRET), NOW)).isInstanceOf(IronSeal.Broken.class);
            assertThat(IronSeal.open(longer, List.of(SECRET), NOW)).isInstanceOf(IronSeal.Broken.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~1", "~3", "~02", "~2abc", "~2~x", "~2~2", "~2 ", "~", "~-2", "~٢"})
    void onlyTheExactSuffixIsRead(String suffix) {
        String bare = BY_NODE.substring(0, BY_NODE.length() - 2);
        assertThat(IronSeal.open(bare + suffix, List.of(SECRET), NOW)).isInstanceOf(IronSeal.Broken.class);
    }

    @ParameterizedTest
    @CsvSource({
        "x~2, COMPONENTS",
        "a*b*c*d*e*f*g*h*i~2, COMPONENTS",
        "Fe26.3*1*s*i*c**m*h~2, PREFIX",
        "Fe26.2*1*s*i*c*soon*m*h~2, EXPIRATION",
        "Fe26.2*1*s*i*c*0123*m*h~2, EXPIRATION",
        "Fe26.2*1*s*i*c*-5*m*h~2, EXPIRATION",
        "Fe26.2*1*s*i*c*9999999999999999*m*h~2, EXPIRATION",
        "Fe26.2*2*s*i*c**m*h~2, KEY_ID",
        "Fe26.2**s*i*c**m*h~2, KEY_ID",
        "Fe26.2*1*s*i*c**m*h~2, INTEGRITY",
        "Fe26.2*2*s*i*c*soon*m*h~2, EXPIRATION",
    })
    void faultsAreFoundInTheOrderTheNodeLibraryFindsThem(String sealed, SealFault fault) {
        assertThat(IronSeal.open(sealed, List.of(SECRET), NOW)).isEqualTo(new IronSeal.Broken(fault));
    }

    @Test
    void anExpiredSealIsExpiredBeforeItsKeyIsLookedAt() {
        assertThat(IronSeal.open("Fe26.2*9*s*i*c*1000*m*h~2", List.of(SECRET), NOW))
                .isInstanceOf(IronSeal.Expired.class);
    }

    @Test
    void aSealOpensUntilSixtySecondsAfterItsEnd() {
        Instant end = NOW.plusSeconds(600);
        String sealed = IronSeal.seal(bytes("{}"), SECRET, end, RANDOM);
        assertThat(IronSeal.open(sealed, List.of(SECRET), end.plusMillis(59_999)))
                .isInstanceOf(IronSeal.Opened.class);
        assertThat(IronSeal.open(sealed, List.of(SECRET), end.plusMillis(60_000)))
                .isInstanceOf(IronSeal.Expired.class);
    }

    @Test
    void aSealUnderAnOldKeyOpensAndSaysSo() {
        String sealed = IronSeal.seal(bytes("{}"), OTHER, null, RANDOM);
        assertThat(IronSeal.open(sealed, List.of(SECRET, OTHER), NOW))
                .isInstanceOfSatisfying(
                        IronSeal.Opened.class,
                        opened -> assertThat(opened.oldKey()).isTrue());
        assertThat(IronSeal.open(sealed, List.of(SECRET), NOW)).isEqualTo(new IronSeal.Broken(SealFault.INTEGRITY));
    }

    @Test
    void anOverlongValueIsNotEvenTakenApart() {
        assertThat(IronSeal.open("*".repeat(65_536) + "~2", List.of(SECRET), NOW))
                .isEqualTo(new IronSeal.Broken(SealFault.TOO_LONG));
    }

    @Test
    void theLengthIsTheOneTheBudgetCountsOn() {
        for (int size : new int[] {2, 15, 16, 17, 1392, 2895, 2896}) {
            String sealed = IronSeal.seal(new byte[size], SECRET, null, RANDOM);
            int padded = 16 * (size / 16 + 1);
            assertThat(sealed).hasSize(IronSeal.OVERHEAD + (4 * padded + 2) / 3);
        }
    }

    private static String content(IronSeal.Opening opening) {
        return switch (opening) {
            case IronSeal.Opened opened -> new String(opened.content(), StandardCharsets.UTF_8);
            case IronSeal.Expired expired -> throw new AssertionError("expired");
            case IronSeal.Broken broken -> throw new AssertionError(broken.toString());
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
