namespace Penstock.Connectors;

/// <summary>Handles rows of a source that could not be read, according to the policy of the source.</summary>
public interface IBadRowHandler
{
    /// <summary>Handles a bad row: counts it, forwards it, or fails the pipeline.</summary>
    /// <param name="row">The row that could not be read.</param>
    /// <exception cref="BadRowException">The policy is <see cref="BadRowPolicy.Fail"/>.</exception>
    void Handle(in BadRow row);
}
