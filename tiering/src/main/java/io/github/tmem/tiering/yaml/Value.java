package io.github.tmem.tiering.yaml;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value of the file.
 *
 * @param file the file as the user named it
 * @param name what messages call the value: its key, or its role
 * @param node the value itself
 */
record Value(String file, String name, Node node) implements ConfigValue {

    Place place() {
        return node.getStartMark().map(mark -> Place.of(file, mark)).orElseThrow();
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    @Override
    public boolean isList() {
        return node instanceof SequenceNode;
    }

    @Override
    public String text(String allowed) {
        if (!(node instanceof ScalarNode scalar) || Tag.NULL.equals(node.getTag())) {
            throw place().error(name + " is " + description() + "; allowed: " + allowed);
        }
        String tag = node.getTag().getValue();
        if (!tag.startsWith(Tag.PREFIX)) {
            throw place().error(name + " has the tag " + Wording.quote(tag) + "; allowed: no tag");
        }
        return scalar.getValue();
    }

    @Override
    public <T> T choice(List<T> choices, Function<T, String> word) {
        List<String> words = choices.stream().map(word).toList();
        String text = text(String.join(", ", words));
        int found = words.indexOf(text);
        if (found < 0) {
            throw place().error(name + " " + Wording.quote(text) + " is unknown" + Wording.choice(text, words));
        }
        return choices.get(found);
    }

    @Override
    public List<Value> elements(String elementName, String allowed) {
        if (!(node instanceof SequenceNode sequence)) {
            throw place().error(name + " is " + description() + "; allowed: " + allowed);
        }
        return sequence.getValue().stream()
                .map(element -> new Value(file, elementName, element))
                .toList();
    }

    /** The keys of a map in the order of the file, each given once. */
    Fields fields(String allowed) {
        if (!(node instanceof MappingNode mapping)) {
            throw place().error(name + " is " + description() + "; allowed: " + allowed);
        }
        Map<String, Value> values = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Value keyNode = new Value(file, "the key", tuple.getKeyNode());
            String key = keyNode.text("a word");
            Place first = places.putIfAbsent(key, keyNode.place());
            if (first != null) {
                throw keyNode.place()
                        .error("key " + Wording.quote(key) + " is given twice; first in line " + first.line());
            }
            values.put(key, new Value(file, key, tuple.getValueNode()));
        }
        return new Fields(this, values, places);
    }

    @Override
    public <T> T locating(Supplier<T> build) {
        try {
            return build.get();
        } catch (ConfigException e) {
            throw place().error(Wording.oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    @Override
    public Map<String, Value> map(List<String> keys, String allowed) {
        Fields fields = fields(allowed);
        fields.allowOnly(keys);
        return fields.values();
    }

    @Override
    public ConfigException error(String complaint) {
        return place().error(complaint);
    }

    @Override
    public ConfigException refused(String complaint, String allowed) {
        return place().error(name + " " + Wording.quote(text(allowed)) + " " + complaint + "; allowed: " + allowed);
    }

    private String description() {
        if (node instanceof MappingNode) {
            return "a map";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        boolean empty = Tag.NULL.equals(node.getTag());
        return node instanceof ScalarNode scalar && !empty ? Wording.quote(scalar.getValue()) : "empty";
    }
}
