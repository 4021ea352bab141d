package io.github.tmem.chronicle;

import io.github.tmem.api.config.ConfigException;
import java.util.ArrayList;
import java.util.List;

/** What Chronicle Map reaches into, and the options of the JVM that let it. */
final class JvmOptions {
    private static final String COMPILER = "jdk.compiler";
    private static final String COMPILER_FILES = "com.sun.tools.javac.file";
    private static final List<String> OPENED = List.of("java.lang", "java.lang.reflect");

    private JvmOptions() {}

    /**
     * Checks that Chronicle Map would start in this JVM.
     *
     * @param reaching the module of Chronicle Map
     * @throws ConfigException naming in one line what is missing
     */
    static void check(Module reaching) {
        Module compiler = ModuleLayer.boot().findModule(COMPILER).orElse(null);
        if (compiler == null) {
            throw new ConfigException("tier chronicle: the Java runtime has no module " + COMPILER
                    + ", which Chronicle Map needs; allowed: a JDK, or a runtime made with that module");
        }
        List<String> missing = new ArrayList<>();
        for (String name : OPENED) {
            if (!Object.class.getModule().isOpen(name, reaching)) {
                missing.add("--add-opens=java.base/" + name + "=" + target(reaching));
            }
        }
        if (!compiler.isExported(COMPILER_FILES, reaching)) {
            missing.add("--add-exports=" + COMPILER + "/" + COMPILER_FILES + "=" + target(reaching));
        }
        if (!missing.isEmpty()) {
            throw new ConfigException("tier chronicle: the JVM was started without " + String.join(" ", missing)
                    + ", which Chronicle Map needs");
        }
    }

    private static String target(Module reaching) {
        return reaching.isNamed() ? reaching.getName() : "ALL-UNNAMED";
    }
}
