package dev.convoy.worker.cuda.simulation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Stands before a library: counts its calls by name, and lets those fail that are to. */
final class WatchedCalls {
  /** One call of a function, counted from 1. */
  private record Numbered(String name, int call) {}

  private final Map<String, Integer> counts = new HashMap<>();

  /** Statuses of calls that are to fail. */
  private final Map<Numbered, Integer> failures = new HashMap<>();

  /** A library whose calls come here first; one call at a time, of whatever thread. */
  <T> T watch(Class<T> kind, T library) {
    InvocationHandler handler = (proxy, method, arguments) -> call(library, method, arguments);
    return kind.cast(Proxy.newProxyInstance(kind.getClassLoader(), new Class<?>[] {kind}, handler));
  }

  synchronized int count(String name) {
    return counts.getOrDefault(name, 0);
  }

  /** From now on, the call of this number among those of this name fails; counted from 1. */
  synchronized void fail(String name, int call, int status) {
    failures.put(new Numbered(name, count(name) + call), status);
  }

  private synchronized Object call(Object library, Method method, Object[] arguments)
      throws Throwable {
    int count = counts.merge(method.getName(), 1, Integer::sum);
    Integer status = failures.remove(new Numbered(method.getName(), count));
    if (status != null) {
      return method.getReturnType() == long.class ? (Object) status.longValue() : status;
    }
    try {
      return method.invoke(library, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
