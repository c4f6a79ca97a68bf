namespace Penstock.Connectors;

/// <summary>
/// A sink that takes columns instead of rows: <see cref="ISink{T}.OpenWriter"/> returns an <see cref="IColumnWriter{T}"/>. The compiler
/// generates the code that converts rows to columns; a row type whose members cannot be columns is a compile-time error (PEN545).
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public interface IColumnSink<T> : ISink<T>, ISchemaSink;
