package dev.convoy.driver.space;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.apache.commons.jexl3.introspection.JexlPermissions;

/** Lets expressions see no class at all: they have operators, and nothing else. */
final class NoJava implements JexlPermissions {
  @Override
  public boolean allow(Package pack) {
    return false;
  }

  @Override
  public boolean allow(Class<?> type) {
    return false;
  }

  @Override
  public boolean allow(Constructor<?> constructor) {
    return false;
  }

  @Override
  public boolean allow(Method method) {
    return false;
  }

  @Override
  public boolean allow(Field field) {
    return false;
  }

  @Override
  public JexlPermissions compose(String... source) {
    return this;
  }
}
