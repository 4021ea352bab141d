package io.github.tmem.bench.jmh;

import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.run.BuildSettings;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Keys and pages, the same for everybody. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set by JMH before any benchmark
public class Data {
    /** The number of keys. */
    public static final int KEYS = 65_536;

    /** The page set; the first if there is none of this name. */
    @Param("fs")
    public String set;

    private Keys keys;
    private PageSet pages;
    private EncodedSet encoded;

    /** Reads the pages. */
    @Setup
    public void read() {
        BuildSettings.apply("tmem.samples");
        keys = new Keys(KEYS);
        pages = PageSet.preferred(set, PageSet.samples(Integer.MAX_VALUE));
        encoded = EncodedSet.of(pages);
    }

    Keys keys() {
        return keys;
    }

    PageSet pages() {
        return pages;
    }

    EncodedSet encoded() {
        return encoded;
    }
}
