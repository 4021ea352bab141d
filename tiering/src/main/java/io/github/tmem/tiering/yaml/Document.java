package io.github.tmem.tiering.yaml;

import io.github.tmem.api.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** From a file to the root of its YAML tree, with bounds on everything a hostile or mistaken file could blow up. */
final class Document {
    static final int BYTES_MAX = 1 << 20;
    static final int ALIASES_MAX = 100;
    static final int DEPTH_MAX = 50;

    private final String file;

    private Document(String file) {
        this.file = file;
    }

    static Value read(Path path, String emptyAllows) {
        Document document = new Document(path.toString());
        String text = document.decode(document.bytes(path));
        return new Value(path.toString(), "the file", document.compose(text, emptyAllows));
    }

    private byte[] bytes(Path path) {
        if (Files.isDirectory(path)) {
            throw new ConfigException(file + ": is a directory; allowed: a YAML file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new ConfigException(file + ": is too large for a configuration; allowed: up to 1MiB");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new ConfigException(file + ": may not be read by this user", e);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + Wording.oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    private String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            String hex = String.format("0x%02X", bytes[in.position()]);
            throw Place.after(file, text).error("byte " + hex + " is not UTF-8 text; allowed: UTF-8");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private Node compose(String text, String emptyAllows) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(BYTES_MAX)
                .setMaxAliasesForCollections(ALIASES_MAX)
                .setAllowNonScalarKeys(true)
                .setSchema(new CoreSchema())
                .build();
        try {
            // The composer recurses without a limit; the events before it do not.
            checkBounds(parser(settings, text));
            return new Composer(settings, parser(settings, text))
                    .getSingleNode()
                    .orElseThrow(() -> new Place(file, 1, 1).error("the file is empty; " + emptyAllows));
        } catch (MarkedYamlEngineException e) {
            throw syntaxError(e);
        } catch (ReaderException e) {
            Place place = Place.after(file, text.substring(0, text.offsetByCodePoints(0, e.getPosition())));
            throw place.error(String.format("character U+%04X is not allowed in YAML", e.getCodePoint()), e);
        } catch (YamlEngineException e) {
            throw new ConfigException(file + ": not valid YAML: " + Wording.oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    private static Parser parser(LoadSettings settings, String text) {
        return new ParserImpl(settings, new StreamReader(settings, text));
    }

    private void checkBounds(Parser events) {
        int depth = 0;
        int aliases = 0;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case SequenceStart, MappingStart -> depth++;
                case SequenceEnd, MappingEnd -> depth--;
                case Alias -> aliases++;
                default -> {}
            }
            if (depth > DEPTH_MAX) {
                throw place(event).error("nested too deeply; allowed: up to " + DEPTH_MAX + " levels");
            }
            if (aliases > ALIASES_MAX) {
                throw place(event).error("too many aliases; allowed: up to " + ALIASES_MAX);
            }
        }
    }

    private Place place(Event event) {
        return event.getStartMark().map(mark -> Place.of(file, mark)).orElse(new Place(file, 1, 1));
    }

    private ConfigException syntaxError(MarkedYamlEngineException e) {
        Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
        Place place = mark == null ? new Place(file, 1, 1) : Place.of(file, mark);
        String context = e.getContext() == null || e.getContext().isBlank() ? "" : e.getContext() + ", ";
        return place.error("not valid YAML: " + Wording.oneLine(context + e.getProblem()), e);
    }
}
