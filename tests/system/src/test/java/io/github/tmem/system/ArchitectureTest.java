package io.github.tmem.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of ARCHITECTURE.md, and house rules that byte code shows. */
@AnalyzeClasses(packages = "io.github.tmem", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String API = "io.github.tmem.api..";
    private static final String TIERING = "io.github.tmem.tiering..";
    private static final String MEMORY = "io.github.tmem.memory..";
    private static final String CHRONICLE = "io.github.tmem.chronicle..";
    private static final String REMOTE = "io.github.tmem.remote..";
    private static final String ZSTD = "io.github.tmem.zstd..";
    private static final String METRICS = "io.github.tmem.metrics..";
    private static final String NODE = "io.github.tmem.node..";
    private static final String KIT = "io.github.tmem.kit..";

    @ArchTest
    static final ArchRule apiKnowsNobody = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TIERING, MEMORY, CHRONICLE, REMOTE, ZSTD, METRICS, NODE, KIT);

    @ArchTest
    static final ArchRule tieringKnowsOnlyTheApi = noClasses()
            .that()
            .resideInAPackage(TIERING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MEMORY, CHRONICLE, REMOTE, ZSTD, METRICS, NODE, KIT);

    @ArchTest
    static final ArchRule backendsKnowOnlyTheApi = noClasses()
            .that()
            .resideInAnyPackage(MEMORY, CHRONICLE, REMOTE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TIERING, ZSTD, METRICS, NODE, KIT);

    @ArchTest
    static final ArchRule theMemoryBackendKnowsNoOtherBackend = noClasses()
            .that()
            .resideInAPackage(MEMORY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CHRONICLE, REMOTE);

    @ArchTest
    static final ArchRule theChronicleBackendKnowsNoOtherBackend = noClasses()
            .that()
            .resideInAPackage(CHRONICLE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MEMORY, REMOTE);

    @ArchTest
    static final ArchRule theRemoteBackendKnowsNoOtherBackend = noClasses()
            .that()
            .resideInAPackage(REMOTE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MEMORY, CHRONICLE);

    @ArchTest
    static final ArchRule onlyTheChronicleBackendKnowsChronicle = noClasses()
            .that()
            .resideOutsideOfPackage(CHRONICLE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.openhft..");

    @ArchTest
    static final ArchRule onlyTheRemoteBackendKnowsRedis = noClasses()
            .that()
            .resideOutsideOfPackage(REMOTE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lettuce..");

    @ArchTest
    static final ArchRule theZstdCodecKnowsOnlyTheApi = noClasses()
            .that()
            .resideInAPackage(ZSTD)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TIERING, MEMORY, CHRONICLE, REMOTE, METRICS, NODE, KIT);

    @ArchTest
    static final ArchRule onlyTheZstdCodecKnowsZstd = noClasses()
            .that()
            .resideOutsideOfPackage(ZSTD)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.github.luben..");

    @ArchTest
    static final ArchRule metricsKnowOnlyTheApi = noClasses()
            .that()
            .resideInAPackage(METRICS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TIERING, MEMORY, CHRONICLE, REMOTE, ZSTD, NODE, KIT);

    @ArchTest
    static final ArchRule onlyMetricsKnowMicrometer = noClasses()
            .that()
            .resideOutsideOfPackage(METRICS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule theKitKnowsOnlyTheApi = noClasses()
            .that()
            .resideInAPackage(KIT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TIERING, MEMORY, CHRONICLE, REMOTE, ZSTD, METRICS, NODE);

    @ArchTest
    static final ArchRule theNodeReachesTheChainThroughTheApi = noClasses()
            .that()
            .resideInAPackage(NODE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TIERING, MEMORY, CHRONICLE, REMOTE, ZSTD, KIT);

    @ArchTest
    static final ArchRule onlyTheNetworksEndsKnowNetty = noClasses()
            .that()
            .resideOutsideOfPackages(NODE, "io.github.tmem.remote..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule requestsKnowNoStore = noClasses()
            .that()
            .resideInAPackage("..node.resp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(API, "..node.command..", "..node.peer..");

    @ArchTest
    static final ArchRule theDirectoryKnowsNoTier = noClasses()
            .that()
            .resideInAPackage("..tiering.directory..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..tiering.chain..", "..tiering.codec..", "..tiering.store..", "..tiering.yaml..");

    @ArchTest
    static final ArchRule onlyTierCallsBackends = noClasses()
            .that()
            .resideInAPackage("..tiering..")
            .and()
            .doNotHaveSimpleName("Tier")
            .should()
            .callMethod(io.github.tmem.api.spi.Backend.class, "flush", long.class)
            .orShould()
            .callMethod(
                    io.github.tmem.api.spi.Backend.class,
                    "get",
                    long.class,
                    java.lang.foreign.MemorySegment.class,
                    int.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.github.tmem.(*).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesSayTheJob =
            classes().should().haveNameNotMatching(".*(Manager|Helper|Utils?|Impl|Misc|Abstract|Base)(\\$.*)?");

    @ArchTest
    static final ArchRule staticsAreFinal = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage(KIT)
            .should()
            .beFinal();

    @ArchTest
    static final ArchRule noUnsafe =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("sun.misc..", "jdk.internal..");

    @ArchTest
    static final ArchRule noPublicMutableFields =
            noFields().that().arePublic().should().notBeFinal();
}
