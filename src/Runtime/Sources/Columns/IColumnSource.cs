namespace Penstock.Connectors;

/// <summary>
/// A source that provides columns instead of rows: <see cref="ISource{T}.Open"/> returns an <see cref="IColumnReader{T}"/>. The compiler
/// generates the code that creates rows from the columns; a row type whose members cannot be columns is a compile-time error (PEN545). The
/// source may also be an <see cref="IStreamingSource{T}"/>.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public interface IColumnSource<T> : ISource<T>, IProjectionSource;
