namespace Penstock.Connectors;

/// <summary>Receives the rows of a source that could not be read, and does with them what the source's policy says.</summary>
public interface IBadRowHandler
{
    /// <summary>Handles a bad row: counts it, forwards it, or fails the pipeline.</summary>
    /// <param name="row">The row that could not be read.</param>
    /// <exception cref="BadRowException">The policy is <see cref="BadRowPolicy.Fail"/>.</exception>
    void Handle(in BadRow row);
}
