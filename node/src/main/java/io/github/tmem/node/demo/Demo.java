package io.github.tmem.node.demo;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.node.console.Progress;
import io.github.tmem.node.console.UserMistakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;

/** The demo from its files to its report. */
public final class Demo {
    private final DemoPlan plan;
    private final List<Path> pages;
    private final LongFunction<Progress> progress;

    /**
     * A demo.
     *
     * @param pages the files to take pages from; none for those of the JDK
     * @param progress makes the display for a number of steps
     */
    public Demo(DemoPlan plan, List<Path> pages, LongFunction<Progress> progress) {
        this.plan = plan;
        this.pages = List.copyOf(pages);
        this.progress = progress;
    }

    /**
     * Runs it and closes everything it opened.
     *
     * @param open opens the store
     * @throws UserMistakeException if there are no pages to use
     */
    public DemoReport run(Function<StoreConfig, PageStore> open) throws InterruptedException {
        List<Path> files = pages.isEmpty() ? JdkFiles.find() : pages;
        String name = pages.isEmpty()
                ? "JDK " + Runtime.version().feature() + " (" + System.getProperty("java.home") + ")"
                : files.size() == 1 ? files.getFirst().toString() : files.size() + " files";
        try (PageSource source = new PageSource(files, plan.pageSizeMax());
                PageStore store = open.apply(plan.config());
                Progress display = progress.apply(DemoRun.steps(plan, source))) {
            return new DemoRun(plan, source, store).run(store, name, display);
        }
    }
}
