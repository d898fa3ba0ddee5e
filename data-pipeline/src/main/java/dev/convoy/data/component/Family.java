package dev.convoy.data.component;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Components that can stand in each other's place: all models, all augmentations, all optimizers. A
 * new member is its own file and one more element of the list that the family is made of.
 * Immutable.
 *
 * @param <T> what the members make
 */
public final class Family<T> {
  private final String noun;
  private final SortedMap<String, Component<? extends T>> members = new TreeMap<>();

  private Family(String noun, List<? extends Component<? extends T>> members) {
    this.noun = noun;
    for (Component<? extends T> member : members) {
      if (this.members.put(member.name(), member) != null) {
        throw new IllegalArgumentException(
            "Cannot list " + noun + "s: two are called " + member.name() + ".");
      }
    }
  }

  /**
   * A family of the given members.
   *
   * @param noun what one of them is called: "augmentation"
   */
  public static <T> Family<T> of(String noun, List<? extends Component<? extends T>> members) {
    return new Family<>(noun, members);
  }

  /** The members' names, in alphabetical order. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(members.keySet()));
  }

  /** The members, by name in alphabetical order. */
  public List<Component<? extends T>> members() {
    return List.copyOf(members.values());
  }

  /**
   * The member of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Component<? extends T> member(String name) {
    Component<? extends T> member = members.get(name);
    if (member == null) {
      throw new IllegalArgumentException(
          "Cannot find " + noun + " " + name + ": expected " + expectedNames() + ".");
    }
    return member;
  }

  /** Everything that keeps {@link #create} from making a component; empty if nothing does. */
  public List<Problem> problems(ComponentSettings settings) {
    Component<? extends T> member = members.get(settings.name());
    return member == null
        ? List.of(new Problem(ComponentSettings.NAME_KEY, settings.name(), expectedNames()))
        : member.problems(settings);
  }

  /**
   * Makes a component.
   *
   * @throws IllegalArgumentException with all {@link #problems}, if there are any
   */
  public T create(ComponentSettings settings) {
    List<Problem> problems = problems(settings);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot make "
              + noun
              + " "
              + settings.name()
              + ": "
              + String.join("; ", problems.stream().map(Problem::toString).toList())
              + ".");
    }
    return member(settings.name()).create(settings);
  }

  private String expectedNames() {
    return "one of " + String.join(", ", members.keySet());
  }
}
