package dev.lockstep.starter;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A name for the device behind a {@code User-Agent}, such as "Firefox on Linux": enough for people to tell their own
 * sessions apart. Not a way to recognise a device.
 */
public final class Device {
    /** What stands there when nothing can be told. */
    public static final String UNKNOWN = "Unknown device";

    /** In this order: most browsers also carry the names of those they descend from. */
    private static final Map<String, Pattern> BROWSERS = ordered(
            "Edge", "Edg(e|A|iOS)?/",
            "Opera", "OPR/|Opera",
            "Samsung Internet", "SamsungBrowser/",
            "Firefox", "Firefox/|FxiOS/",
            "Chrome", "Chrome/|CriOS/",
            "Safari", "Safari/",
            "curl", "^curl/",
            "Java", "Java-http-client|okhttp");

    private static final Map<String, Pattern> SYSTEMS = ordered(
            "iPad", "iPad",
            "iPhone", "iPhone",
            "Android", "Android",
            "ChromeOS", "CrOS",
            "Windows", "Windows",
            "macOS", "Macintosh|Mac OS X",
            "Linux", "Linux|X11");

    private Device() {}

    /** Returns the name, never null and never a part of the text itself. */
    public static String nameOf(@Nullable String userAgent) {
        if (userAgent == null || userAgent.isBlank()) {
            return UNKNOWN;
        }
        String browser = first(BROWSERS, userAgent);
        String system = first(SYSTEMS, userAgent);
        if (browser == null) {
            return system == null ? UNKNOWN : system;
        }
        return system == null ? browser : browser + " on " + system;
    }

    private static @Nullable String first(Map<String, Pattern> names, String text) {
        return names.entrySet().stream()
                .filter(name -> name.getValue().matcher(text).find())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static Map<String, Pattern> ordered(String... pairs) {
        var names = new java.util.LinkedHashMap<String, Pattern>();
        for (int i = 0; i < pairs.length; i += 2) {
            names.put(pairs[i], Pattern.compile(pairs[i + 1]));
        }
        return java.util.Collections.unmodifiableMap(names);
    }
}
