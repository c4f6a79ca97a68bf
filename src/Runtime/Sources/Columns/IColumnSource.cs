namespace Penstock.Connectors;

/// <summary>
/// A source that hands over columns instead of rows: <see cref="ISource{T}.Open"/> returns an <see cref="IColumnReader{T}"/>. The compiler
/// writes how rows are made from the columns that are read; a row type whose members cannot be columns does not build (PEN545). It may also
/// be an <see cref="IStreamingSource{T}"/>.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public interface IColumnSource<T> : ISource<T>, IProjectionSource;
